import { secondMs, type EpochMs } from './time.js';

/** Length of the window that counts as recent. */
export const budgetWindowMs = 10 * secondMs;
/** With fewer attempts than this in the window, nothing can be said about them. */
export const budgetAttemptsMin = 20;
/** Below this share of successes, trying on makes an outage worse. */
export const budgetSuccessRatioMin = 0.2;
/** Channels tried per request while nearly everything fails. */
export const channelsWhileFailing = 3;

const bucketCount = 5;
const bucketMs = budgetWindowMs / bucketCount;

interface Bucket {
  /** Number of the time slice the counts belong to; a bucket of another slice counts as empty. */
  slice: number;
  attempts: number;
  successes: number;
}

/**
 * Keeps failover from multiplying the load of an outage: when hardly any recent attempt succeeds, a request may try only
 * a few channels instead of all. Counts live in a ring of five 2 s slices, so memory is constant and old attempts leave
 * in steps. `now` is given; a clock that jumps makes it forget, never fail.
 */
export class RetryBudget {
  private readonly buckets: readonly Bucket[] = Array.from({ length: bucketCount }, () => ({
    slice: -1,
    attempts: 0,
    successes: 0,
  }));

  /** Counts an attempt that ended at `now`. One that the client cut short is neither: do not note it. */
  noteAttempt(succeeded: boolean, now: EpochMs): void {
    const slice = Math.floor(now / bucketMs);
    const bucket = this.buckets[slice % bucketCount];
    if (bucket === undefined) return;
    if (bucket.slice !== slice) {
      bucket.slice = slice;
      bucket.attempts = 0;
      bucket.successes = 0;
    }
    bucket.attempts += 1;
    if (succeeded) bucket.successes += 1;
  }

  /** How many different channels one request may try now: `Infinity`, or `channelsWhileFailing` when nearly all attempts fail. */
  channelsAllowed(now: EpochMs): number {
    const slice = Math.floor(now / bucketMs);
    let attempts = 0;
    let successes = 0;
    for (const bucket of this.buckets) {
      if (bucket.slice > slice || bucket.slice <= slice - bucketCount) continue;
      attempts += bucket.attempts;
      successes += bucket.successes;
    }
    const failing = attempts >= budgetAttemptsMin && successes < budgetSuccessRatioMin * attempts;
    return failing ? channelsWhileFailing : Number.POSITIVE_INFINITY;
  }
}
