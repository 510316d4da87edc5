import { describe, expect, it } from '@jest/globals';
import { attemptRecord } from '../support/attempt-record.js';
import { withDatabase } from '../support/temporary-database.js';

const note = { seenAt: 2_000, recorded: 5, rowsPerSecond: 4, callsUnderWay: 3 };

describe('the runs of the program', () => {
  it('begin without a word when there was none before', () =>
    withDatabase(async (database) => {
      expect(await database.remote('runs').begin(1_000)).toEqual({ id: 1, uncleanEnd: undefined });
    }));

  it('say nothing of one that ended properly', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      const { id } = await runs.begin(1_000);
      await runs.note(id, note);
      await runs.end(id, 3_000);
      expect((await runs.begin(4_000)).uncleanEnd).toBeUndefined();
    }));

  it('tell of one that did not: the rows it had recorded and not stored, and how old the news are', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      await database.remote('logs').append([attemptRecord(), attemptRecord()]);
      const { id } = await runs.begin(1_000);
      await database.remote('logs').append([attemptRecord(), attemptRecord(), attemptRecord()]);
      await runs.note(id, note);
      expect((await runs.begin(4_000)).uncleanEnd).toEqual({ startedAt: 1_000, seenAt: 2_000, rowsMissing: 2, rowsUncertain: 2, callsCut: 3 });
    }));

  it('count rows that retention has deleted since as stored', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      const { id } = await runs.begin(1_000);
      await database.remote('logs').append([1, 2, 3, 4, 5].map((time) => attemptRecord({ time })));
      await database.remote('trends').rollUp(100);
      await database.remote('logs').deleteOlderThan(100, 100);
      await runs.note(id, note);
      expect((await runs.begin(4_000)).uncleanEnd).toMatchObject({ rowsMissing: 0 });
    }));

  it('of others are not told of while they are heard of, and once when they no longer are', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      const { id } = await runs.begin(1_000, 0);
      await runs.note(id, note);
      expect((await runs.begin(2_500, 1_500)).uncleanEnd).toBeUndefined();
      expect(await runs.silent(1_999)).toBeUndefined();
      expect([await runs.silent(2_000), await runs.silent(2_000)]).toEqual([expect.objectContaining({ seenAt: 2_000, rowsMissing: 5 }), undefined]);
    }));

  it('that were taken for ended and note something have not ended', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      const { id } = await runs.begin(1_000);
      await runs.silent(1_500);
      await runs.note(id, note);
      expect(await runs.silent(2_000)).toMatchObject({ startedAt: 1_000, seenAt: 2_000 });
    }));

  it('are told of once: the next proper end closes the matter', () =>
    withDatabase(async (database) => {
      const runs = database.remote('runs');
      await runs.begin(1_000);
      const second = await runs.begin(2_000);
      await runs.end(second.id, 3_000);
      expect(second.uncleanEnd).toBeDefined();
      expect((await runs.begin(4_000)).uncleanEnd).toBeUndefined();
    }));
});
