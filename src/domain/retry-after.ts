import type { HeaderLookup } from './outcome.js';
import type { EpochMs } from './time.js';
import {
  waitOfDurationText,
  waitOfMsText,
  waitOfSecondsText,
  waitUntilDateText,
  waitUntilUnixText,
} from './wait.js';

const firstWait = (
  text: string | undefined,
  ...readers: readonly ((text: string) => number | undefined)[]
): number | undefined => {
  if (text === undefined) return undefined;
  for (const read of readers) {
    const wait = read(text);
    if (wait !== undefined) return wait;
  }
  return undefined;
};

/**
 * How long the response asks this caller to wait, in ms (more than 0, at most `waitMsMax`): `retry-after-ms`, else
 * `Retry-After` as seconds or date. It may stand on any status. A zero asks for nothing and counts as absent.
 */
export const retryAfterMs = (header: HeaderLookup, now: EpochMs): number | undefined =>
  firstWait(header('retry-after-ms'), waitOfMsText) ??
  firstWait(header('retry-after'), waitOfSecondsText, (text) => waitUntilDateText(text, now));

/** True when the limits of an Anthropic subscription, which span all its models or a family of them, refused the call. */
export const isUnifiedLimitReached = (header: HeaderLookup): boolean => {
  const status = header('anthropic-ratelimit-unified-status');
  if (status !== undefined) return !status.toLowerCase().startsWith('allowed');
  return header('anthropic-ratelimit-unified-reset') !== undefined;
};

const unifiedResetMs = (header: HeaderLookup, now: EpochMs): number | undefined =>
  isUnifiedLimitReached(header)
    ? firstWait(
        header('anthropic-ratelimit-unified-reset'),
        (text) => waitUntilUnixText(text, now),
        (text) => waitUntilDateText(text, now),
      )
    : undefined;

interface LimitHeaders {
  readonly reset: string;
  readonly remaining: string;
}

const anthropicLimit = (family: string): LimitHeaders => ({
  reset: `anthropic-ratelimit-${family}-reset`,
  remaining: `anthropic-ratelimit-${family}-remaining`,
});

const openaiLimit = (family: string): LimitHeaders => ({
  reset: `x-ratelimit-reset-${family}`,
  remaining: `x-ratelimit-remaining-${family}`,
});

const limits: readonly LimitHeaders[] = [
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(anthropicLimit),
  ...['requests', 'tokens'].map(openaiLimit),
];

// Below this, a bare number of a reset header is a duration in seconds; from here on a moment in unix seconds (2001 and later).
const unixSecondsMin = 1e9;

const resetMs = (text: string, now: EpochMs): number | undefined =>
  firstWait(
    text,
    waitOfDurationText,
    (it) => waitUntilDateText(it, now),
    (it) => (Number(it) < unixSecondsMin ? waitOfSecondsText(it) : waitUntilUnixText(it, now)),
  );

const isZero = (text: string): boolean => /^\s*0+(?:\.0+)?\s*$/.test(text);

/**
 * The wait of the limits that were hit. These headers stand on every response, also for limits with plenty left, so a
 * limit counts only when its `-remaining` is 0; when none says so, those that do not report what remains. The latest
 * wins: until then at least one of them refuses.
 */
const exhaustedLimitMs = (header: HeaderLookup, now: EpochMs): number | undefined => {
  let exhausted: number | undefined;
  let unstated: number | undefined;
  for (const limit of limits) {
    const wait = firstWait(header(limit.reset), (text) => resetMs(text, now));
    if (wait === undefined) continue;
    const remaining = header(limit.remaining);
    if (remaining === undefined) unstated = Math.max(wait, unstated ?? 0);
    else if (isZero(remaining)) exhausted = Math.max(wait, exhausted ?? 0);
  }
  return exhausted ?? unstated;
};

/**
 * How long the headers of a rate-limited answer ask to wait, in ms: more than 0, at most `waitMsMax`; `undefined` when
 * they do not say. What is garbage, past or absurd is passed over. From the most explicit to the vaguest:
 *
 * 1. `retry-after-ms`, then `Retry-After`: an instruction to this caller;
 * 2. `anthropic-ratelimit-unified-reset`, unless its `-status` says that this limit allowed the call;
 * 3. the resets of single limits (`anthropic-ratelimit-*-reset`, `x-ratelimit-reset-*`), see `exhaustedLimitMs`.
 *
 * Ask it of a 429 only: the headers of 2 and 3 describe limits and stand on answers that failed for other reasons.
 */
export const retryHintMs = (header: HeaderLookup, now: EpochMs): number | undefined =>
  retryAfterMs(header, now) ?? unifiedResetMs(header, now) ?? exhaustedLimitMs(header, now);
