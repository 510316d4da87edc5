import { countsView, p95, type CountsView } from './counts-view.js';
import { average } from './metrics-view.js';
import type { KindStatistics } from './request-summary.js';

/** One row of `GET /admin/stats`: requests for one model through one channel. Durations are seconds, of successes. */
export interface StatsView extends CountsView {
  /** `null` together with the name: no channel was tried. */
  readonly channel_id: number | null;
  readonly channel_name: string | null;
  readonly model: string;
  readonly avg_duration: number | null;
  readonly p95_duration: number | null;
}

/** `channelName` is what the channel is called now, if it still is. */
export const statsView = (kind: KindStatistics, channelName: string | undefined): StatsView => ({
  channel_id: kind.channelId === 0 ? null : kind.channelId,
  channel_name: kind.channelId === 0 ? null : (channelName ?? kind.channelName),
  model: kind.model,
  ...countsView(kind),
  avg_duration: average(kind.durationSum, kind.success),
  p95_duration: p95(kind.durationCounts),
});

const addedUp = (one: readonly number[], other: readonly number[]): readonly number[] => one.map((count, index) => count + (other[index] ?? 0));

const sumOf = (one: KindStatistics, other: KindStatistics): KindStatistics => ({
  channelId: 0,
  channelName: '',
  model: '',
  success: one.success + other.success,
  error: one.error + other.error,
  clientLeft: one.clientLeft + other.clientLeft,
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
  cacheCreationTokens: one.cacheCreationTokens + other.cacheCreationTokens,
  durationSum: one.durationSum + other.durationSum,
  durationCounts: addedUp(one.durationCounts, other.durationCounts),
  firstByteCount: one.firstByteCount + other.firstByteCount,
  firstByteSum: one.firstByteSum + other.firstByteSum,
  firstByteCounts: addedUp(one.firstByteCounts, other.firstByteCounts),
});

/** All of them as if they were of one kind, so that the 95th percentile is one of all requests; `undefined` for none. */
export const totalView = ([first, ...others]: readonly KindStatistics[]): StatsView | undefined =>
  first === undefined ? undefined : statsView(others.reduce(sumOf, { ...first, channelId: 0, model: '' }), undefined);
