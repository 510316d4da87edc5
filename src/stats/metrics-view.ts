import type { EpochMs } from '../domain/time.js';
import { parseChannelPoints } from './parse-channel-points.js';
import type { ChannelPointView, CurveSpan, CurveStep } from './request-summary.js';

/** One point of `GET /admin/metrics`. */
export interface MetricsPointView {
  /** Start of the bucket, unix ms. */
  readonly ts: EpochMs;
  readonly success: number;
  readonly error: number;
  /** By channel name; channels without a request are left out. */
  readonly channels: Readonly<Record<string, ChannelPointView>>;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  /** Seconds, over successes; `null` when there was none. */
  readonly avg_first_byte_time: number | null;
}

/** Seconds to the millisecond: sums of binary fractions have digits that mean nothing. */
export const average = (sum: number, count: number): number | null => (count === 0 ? null : Math.round((sum / count) * 1_000) / 1_000);

const emptyPoint = (ts: EpochMs): MetricsPointView => ({
  ts,
  success: 0,
  error: 0,
  channels: {},
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_creation_tokens: 0,
  avg_first_byte_time: null,
});

const pointOf = (step: CurveStep): MetricsPointView => ({
  ts: step.start,
  success: step.success,
  error: step.error,
  channels: parseChannelPoints(step.channels),
  input_tokens: step.inputTokens,
  output_tokens: step.outputTokens,
  cache_read_tokens: step.cacheReadTokens,
  cache_creation_tokens: step.cacheCreationTokens,
  avg_first_byte_time: average(step.firstByteSum, step.firstByteCount),
});

/** A point for every step of the span, also for those in which nothing happened. */
export const metricsView = (steps: readonly CurveStep[], { since, until, stepMs }: CurveSpan): readonly MetricsPointView[] => {
  const points = new Map(steps.map((step) => [step.start, pointOf(step)] as const));
  return Array.from({ length: (until - since) / stepMs }, (_, index) => {
    const ts = since + index * stepMs;
    return points.get(ts) ?? emptyPoint(ts);
  });
};
