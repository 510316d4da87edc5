import { describe, expect, it } from '@jest/globals';
import type { TrendStep } from './request-summary.js';
import { trendViews } from './trend-view.js';

const span = { since: 0, until: 180_000, stepMs: 60_000 };

const step = (changes: Partial<TrendStep>): TrendStep => ({
  start: 0,
  channelId: 0,
  success: 4,
  error: 1,
  clientLeft: 2,
  inputTokens: 10,
  outputTokens: 5,
  cacheReadTokens: 3,
  cacheCreationTokens: 1,
  firstByteCount: 4,
  firstByteSum: 2,
  firstByteCounts: [0, 4, 0],
  ...changes,
});

describe('the curves of a trend', () => {
  it('have a point for every step, and no latency where nothing was measured', () => {
    const [all, ...others] = trendViews([step({ start: 60_000 })], undefined, span);
    expect(others).toEqual([]);
    expect(all?.channel_id).toBeNull();
    expect(all?.points.map(({ ts, total, avg_first_byte_time: average }) => [ts, total, average])).toEqual([[0, 0, null], [60_000, 7, 0.5], [120_000, 0, null]]);
  });

  it('have an average but no 95th percentile for minutes that were counted before there were classes', () => {
    const [all] = trendViews([step({ firstByteCounts: [0, 0, 0] })], undefined, span);
    expect(all?.points[0]).toMatchObject({ avg_first_byte_time: 0.5, p95_first_byte_time: null });
  });

  it('are one per channel that was asked for, in that order, also for one without a request', () => {
    const views = trendViews([step({ channelId: 2, success: 9 }), step({ channelId: 7, success: 1 })], [7, 3, 2], span);
    expect(views.map(({ channel_id: id, points }) => [id, points[0]?.success])).toEqual([[7, 1], [3, 0], [2, 9]]);
  });
});
