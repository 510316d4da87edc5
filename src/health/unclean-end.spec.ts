import { describe, expect, it } from '@jest/globals';
import { uncleanEndOf, uncleanEndSentence, type RunNote } from './unclean-end.js';

const note = (changes: Partial<RunNote> = {}): RunNote => ({ seenAt: 5_000, recorded: 100, rowsPerSecond: 0, callsUnderWay: 0, ...changes });

describe('a run that did not end properly', () => {
  it.each([
    ['all that was noted is stored', note(), 100, 0, 0],
    ['rows had waited for the database', note(), 60, 40, 0],
    ['rows were stored after the last note', note(), 120, 0, 20],
    ['rows came fast and all noted ones are stored', note({ rowsPerSecond: 50 }), 100, 0, 25],
    ['rows came slowly', note({ rowsPerSecond: 1 }), 100, 0, 1],
    ['a full disk kept thousands waiting', note({ recorded: 20_000, rowsPerSecond: 100 }), 7_000, 13_000, 50],
    ['it was killed before it noted anything', note({ recorded: 0 }), 0, 0, 0],
  ])('misses what can be known when %s', (_when, last, stored, rowsMissing, rowsUncertain) => {
    expect(uncleanEndOf(1_000, last, stored)).toMatchObject({ rowsMissing, rowsUncertain });
  });

  it('says so in words, with what is estimated named as such', () => {
    const end = uncleanEndOf(1_000, note({ rowsPerSecond: 10, callsUnderWay: 3 }), 98);
    expect(uncleanEndSentence(end)).toBe(
      'The program did not end properly when it last ran; it was last seen at 1970-01-01T00:00:05.000Z. ' +
        'Of the request log 2 rows are missing, and about 5 more of its last second at most (an estimate); ' +
        '3 calls were under way and have no row. Everything else that was stored is there.',
    );
  });
});
