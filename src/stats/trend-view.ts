import type { EpochMs } from '../domain/time.js';
import { countsView, type CountsView } from './counts-view.js';
import type { CurveSpan, RequestCounts, TrendStep } from './request-summary.js';

/** One step of a curve. */
export interface TrendPointView extends CountsView {
  /** Start of the step, unix ms. */
  readonly ts: EpochMs;
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
    points: starts.map((start) => ({ ts: start, ...countsView(found.get(`${id ?? 0} ${start}`) ?? nothing) })),
  }));
};
