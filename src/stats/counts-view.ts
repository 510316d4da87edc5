import { latencyQuantile } from './latency-classes.js';
import { average } from './metrics-view.js';
import type { RequestCounts } from './request-summary.js';

/** What requests come to. First byte times are seconds, of successes; `null` where none was measured. */
export interface CountsView {
  readonly success: number;
  readonly error: number;
  /** Those that the client left included. */
  readonly total: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly avg_first_byte_time: number | null;
  readonly p95_first_byte_time: number | null;
}

/** Seconds that 95 of 100 counted successes did not exceed, to the millisecond; `null` when none was counted. */
export const p95 = (counts: readonly number[]): number | null => {
  const seconds = latencyQuantile(counts, 0.95);
  return seconds === undefined ? null : Math.round(seconds * 1_000) / 1_000;
};

export const countsView = (counts: RequestCounts): CountsView => ({
  success: counts.success,
  error: counts.error,
  total: counts.success + counts.error + counts.clientLeft,
  input_tokens: counts.inputTokens,
  output_tokens: counts.outputTokens,
  cache_read_tokens: counts.cacheReadTokens,
  cache_creation_tokens: counts.cacheCreationTokens,
  avg_first_byte_time: average(counts.firstByteSum, counts.firstByteCount),
  p95_first_byte_time: p95(counts.firstByteCounts),
});
