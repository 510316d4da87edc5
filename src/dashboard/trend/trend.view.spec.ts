import { describe, expect, it } from '@jest/globals';
import { sharedEn } from '../text/shared.en.js';
import { formatsOf } from '../text/formats.js';
import { comparedMax, stepMinutesOf, trendPath, trendRequestOf } from './parse-trend-query.js';
import type { TrendPoint } from './trend-charts.js';
import { trendEn } from './trend.en.js';
import { trendView } from './trend.view.js';

const speech = { texts: trendEn, formats: formatsOf.en, shared: sharedEn };

const point = (changes: Partial<TrendPoint> = {}): TrendPoint => ({
  ts: 0,
  total: 5,
  error: 1,
  input_tokens: 10,
  output_tokens: 20,
  cache_read_tokens: 30,
  cache_creation_tokens: 40,
  avg_first_byte_time: 0.5,
  p95_first_byte_time: null,
  ...changes,
});

const channels = [{ id: 1, name: 'one' }, { id: 2, name: 'two' }];

describe('the trend', () => {
  it('of all requests has charts of requests, failures, tokens by kind and first bytes, with a gap where nothing was measured', () => {
    const view = trendView({ request: trendRequestOf({}), channels, curves: [{ channel_id: null, points: [point()] }] }, 1_000, speech);
    expect(view.charts.map(({ id, unit }) => [id, unit])).toEqual([['requests', 'count'], ['errors', 'count'], ['tokens', 'count'], ['first-byte', 'ms']]);
    expect(view.charts.map(({ rows }) => rows[0]?.cells.map(({ value }) => value))).toEqual([[5], [1], [10, 20, 30, 40], [500, null]]);
    expect(view.charts[3]?.rows[0]?.cells.map(({ text }) => text)).toEqual(['500 ms', '–']);
  });

  it('says of a percentile only what counts by class can say', () => {
    const points = [point({ p95_first_byte_time: 14.65 }), point({ p95_first_byte_time: 0.238 }), point({ p95_first_byte_time: 300 })];
    const view = trendView({ request: trendRequestOf({}), channels, curves: [{ channel_id: null, points: [...points, point()] }] }, 1_000, speech);
    expect(view.charts[3]?.rows.map(({ cells }) => cells[1])).toEqual([
      { value: 15_000, text: '≤ 15 s' },
      { value: 250, text: '≤ 250 ms' },
      { value: 300_000, text: '≥ 5 min' },
    ]);
  });

  it('of chosen channels has a line of each, in the order of the address, also for one that was deleted', () => {
    const request = trendRequestOf({ channel: ['2', '9', '0'] });
    const curves = [2, 9, 0].map((id) => ({ channel_id: id, points: [point({ total: id })] }));
    const view = trendView({ request, channels, curves }, 1_000, speech);
    expect(view.charts).toHaveLength(5);
    expect(view.charts[0]?.series.map(({ label }) => label)).toEqual(['two', 'Deleted channel 9', 'No channel tried']);
    expect(view.charts[0]?.rows[0]?.cells.map(({ value }) => value)).toEqual([2, 9, 0]);
    expect(view.choices.filter(({ isChosen }) => isChosen).map(({ value }) => value)).toEqual(['2', '0', '9']);
  });

  it('leaves out the step that is under way, whose few requests would look like a collapse, unless it has the only ones', () => {
    const drawn = (totals: readonly number[]): readonly unknown[] => {
      const points = totals.map((total, at) => point({ ts: at, total }));
      const [requests] = trendView({ request: trendRequestOf({}), channels, curves: [{ channel_id: null, points }] }, 1_000, speech).charts;
      return [...(requests?.rows ?? []).map(({ cells }) => cells[0]?.value), requests?.detail];
    };
    expect(drawn([7, 8, 1])).toEqual([7, 8, '16 in all']);
    expect(drawn([0, 0, 1])).toEqual([0, 0, 1, '1 in all']);
  });

  it('keeps the chosen channels when another span is chosen', () => {
    const view = trendView({ request: trendRequestOf({ channel: '2' }), channels, curves: [] }, 1_000, speech);
    expect(view.spans.map(({ path }) => path)).toContain('/web/trend?hours=168&channel=2');
    expect(view.clearPath).toBe('/web/trend');
  });

  it('says so when more channels are asked for than can be told apart', () => {
    const request = trendRequestOf({ channel: Array.from({ length: comparedMax + 1 }, (_, id) => String(id)) });
    expect(request.channelIds).toHaveLength(comparedMax);
    expect(trendView({ request, channels, curves: [] }, 1_000, speech).warning).toContain('At most 6');
  });

  it.each([['x'], ['-1'], ['1.5'], ['9'.repeat(16)], [''], [undefined], [{ a: '1' }]])('takes %j for no channel', (channel) => {
    expect(trendRequestOf({ channel }).channelIds).toEqual([]);
  });

  it('takes a channel that is named twice for one', () => {
    expect(trendRequestOf({ channel: ['1', '1', '01'] }).channelIds).toEqual([1]);
  });

  it.each([1, 2, 6, 24, 100, 168, 720])('of %d hours has so many points that one can see something, and no more than fit', (hours) => {
    const points = (hours * 60) / stepMinutesOf(hours);
    expect(points).toBeGreaterThanOrEqual(24);
    expect(points).toBeLessThanOrEqual(180);
  });

  it('writes no default into the address', () => {
    expect(trendPath(24, [])).toBe('/web/trend');
  });
});
