import { latencyQuantile } from './latency-classes.js';
import { average } from './metrics-view.js';
import type { KindStatistics } from './request-summary.js';

/** One row of `GET /admin/stats`: requests for one model through one channel. Latencies are seconds, of successes. */
export interface StatsView {
  /** `null` together with the name: no channel was tried. */
  readonly channel_id: number | null;
  readonly channel_name: string | null;
  readonly model: string;
  readonly success: number;
  readonly error: number;
  /** Those that the client left included. */
  readonly total: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly avg_duration: number | null;
  readonly p95_duration: number | null;
  readonly avg_first_byte_time: number | null;
  readonly p95_first_byte_time: number | null;
}

/** Seconds that 95 of 100 counted successes did not exceed, to the millisecond; `null` when none was counted. */
export const p95 = (counts: readonly number[]): number | null => {
  const seconds = latencyQuantile(counts, 0.95);
  return seconds === undefined ? null : Math.round(seconds * 1_000) / 1_000;
};

/** `channelName` is what the channel is called now, if it still is. */
export const statsView = (kind: KindStatistics, channelName: string | undefined): StatsView => ({
  channel_id: kind.channelId === 0 ? null : kind.channelId,
  channel_name: kind.channelId === 0 ? null : (channelName ?? kind.channelName),
  model: kind.model,
  success: kind.success,
  error: kind.error,
  total: kind.success + kind.error + kind.clientLeft,
  input_tokens: kind.inputTokens,
  output_tokens: kind.outputTokens,
  cache_read_tokens: kind.cacheReadTokens,
  cache_creation_tokens: kind.cacheCreationTokens,
  avg_duration: average(kind.durationSum, kind.success),
  p95_duration: p95(kind.durationCounts),
  avg_first_byte_time: average(kind.firstByteSum, kind.firstByteCount),
  p95_first_byte_time: p95(kind.firstByteCounts),
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
