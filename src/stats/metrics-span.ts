import { minuteMs, type EpochMs } from '../domain/time.js';
import type { CurveSpan } from './request-summary.js';

export const statsHoursMax = 720;
export const metricsPointsMax = 2_000;
export const metricsBucketMinutesMax = 1_440;
const bucketMinutesDefault = 5;

/** Points that so many hours come to; the last one is the bucket that is now. */
const pointsOf = (hours: number, bucketMinutes: number): number => Math.ceil((hours * 60) / bucketMinutes);

/** Five minutes, or as much more as the bound of points wants. */
const fittingBucketMinutes = (hours: number): number =>
  [bucketMinutesDefault, 10, 15, 30].find((minutes) => pointsOf(hours, minutes) <= metricsPointsMax) ?? 60;

/** The span of a curve over the last `hours` (1 to `statsHoursMax`), cut at whole buckets since 1970 UTC; or a sentence. */
export const metricsSpan = (hours: number, bucketMinutes: number | undefined, now: EpochMs): CurveSpan | string => {
  const minutes = bucketMinutes ?? fittingBucketMinutes(hours);
  const points = pointsOf(hours, minutes);
  if (points > metricsPointsMax) {
    return `hours and bucket_min must give at most ${metricsPointsMax} points, ${hours} h in steps of ${minutes} min are ${points}`;
  }
  const stepMs = minutes * minuteMs;
  const until = now - (now % stepMs) + stepMs;
  return { since: until - points * stepMs, until, stepMs };
};
