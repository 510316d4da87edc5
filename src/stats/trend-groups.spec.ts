import { describe, expect, it } from '@jest/globals';
import { hourSummands, minuteSummands } from './trend-columns.js';
import { summedBy, type TrendGroup } from './trend-groups.js';

const group = (changes: Partial<TrendGroup>): TrendGroup => ({
  minute: 0,
  channelId: 1,
  channelName: 'a',
  model: 'm',
  requests: 1,
  sums: hourSummands.map((_, at) => at),
  ...changes,
});

describe('groups of log rows', () => {
  it('come to nothing when there are none', () => {
    expect(summedBy([], ({ model }) => [model])).toEqual([]);
  });

  it('with one key are one row, with the sums of each column', () => {
    const rows = summedBy([group({ minute: 0 }), group({ minute: 60_000 }), group({ minute: 120_000 })], ({ channelId }) => [channelId]);
    expect(rows).toEqual([[1, 'a', ...hourSummands.map((_, at) => 3 * at)]]);
  });

  it('with different keys stay apart, also where the parts of two keys read the same behind each other', () => {
    const rows = summedBy([group({ model: '1,1' }), group({ channelId: 11, model: ',1' })], ({ channelId, model }) => [channelId, model]);
    expect(rows.map(([channelId, model]) => [channelId, model])).toEqual([[1, '1,1'], [11, ',1']]);
  });

  it('of a channel that was renamed go by one of its names, whichever came first', () => {
    const [before, after] = [group({ channelName: 'old' }), group({ channelName: 'new' })];
    const nameOf = (groups: readonly TrendGroup[]) => summedBy(groups, () => [1]).map(([, name]) => name);
    expect(nameOf([before, after])).toEqual(['old']);
    expect(nameOf([after, before])).toEqual(['old']);
  });

  it('are left as they were, and give as many sums as are wanted, those of the minutes first', () => {
    const groups = [group({}), group({})];
    const [row] = summedBy(groups, () => [1], minuteSummands.length);
    expect(row).toHaveLength(2 + minuteSummands.length);
    expect(groups).toEqual([group({}), group({})]);
    expect(hourSummands.slice(0, minuteSummands.length)).toEqual(minuteSummands);
  });
});
