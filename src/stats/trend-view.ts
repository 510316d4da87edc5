import type { EpochMs } from '../domain/time.js';
import { average } from './metrics-view.js';
import type { CurveSpan, RequestCounts, TrendStep } from './request-summary.js';
import { p95 } from './stats-view.js';

/** One step of a curve. First byte times are seconds, of successes; `null` where none was measured. */
export interface TrendPointView {
  /** Start of the step, unix ms. */
  readonly ts: EpochMs;
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

/** A point per step, also for those in which nothing happened. */
export interface TrendView {
  /** `null` for all requests together. */
  readonly channel_id: number | null;
  readonly points: readonly TrendPointView[];
}

const nothing: RequestCounts = {
  success: 0,
  error: 0,
  clientLeft: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheCreationTokens: 0,
  firstByteCount: 0,
  firstByteSum: 0,
  firstByteCounts: [],
};

const pointOf = (ts: EpochMs, counts: RequestCounts): TrendPointView => ({
  ts,
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

/** One curve per channel in their order, or a single one of all requests. */
export const trendViews = (
  steps: readonly TrendStep[],
  channelIds: readonly number[] | undefined,
  { since, until, stepMs }: CurveSpan,
): readonly TrendView[] => {
  const found = new Map(steps.map((step) => [`${step.channelId} ${step.start}`, step] as const));
  const starts = Array.from({ length: (until - since) / stepMs }, (_, index) => since + index * stepMs);
  return (channelIds ?? [undefined]).map((id) => ({
    channel_id: id ?? null,
    points: starts.map((start) => pointOf(start, found.get(`${id ?? 0} ${start}`) ?? nothing)),
  }));
};
