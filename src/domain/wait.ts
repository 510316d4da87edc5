import { hourMs, minuteMs, secondMs, type EpochMs } from './time.js';

/*
 * The forms in which servers write how long to wait. Every reader answers in whole milliseconds, more than 0 and at most
 * `waitMsMax`, or `undefined`: a value that is garbage, past or absurd says nothing, and nothing is better than a guess.
 */

/** The longest wait that is believed to be meant: the longest limits are monthly ones. */
export const waitMsMax = 32 * 24 * hourMs;
/** No documented form is longer, so a longer text is not read at all. */
export const waitCharsMax = 64;

/** A number of milliseconds as a wait; rounded up, because a server means "not before". */
export const waitOfMs = (ms: number): number | undefined => {
  const whole = Math.ceil(ms);
  return whole > 0 && whole <= waitMsMax ? whole : undefined;
};

const decimal = /^\d{1,15}(?:\.\d{1,9})?$/;

/** A decimal number as text, or `undefined` for anything else: no sign, no exponent, no hexadecimal. */
const decimalOf = (text: string): number | undefined => (decimal.test(text) ? Number(text) : undefined);

const times = (factor: number, value: number | undefined): number | undefined =>
  value === undefined ? undefined : waitOfMs(value * factor);

/** `1500`: milliseconds, as in `retry-after-ms`. */
export const waitOfMsText = (text: string): number | undefined => times(1, decimalOf(text.trim()));

/** `120` or `0.5`: seconds, as in `Retry-After`. */
export const waitOfSecondsText = (text: string): number | undefined => times(secondMs, decimalOf(text.trim()));

/** A moment as a wait; a moment that has passed asks for none. */
export const waitUntil = (moment: EpochMs, now: EpochMs): number | undefined => waitOfMs(moment - now);

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;
// The three forms of RFC 9110 §5.6.7. `Date.parse` alone would accept far more: it takes "node 7" for a date.
const imfFixdate = /^[a-z]{3}, \d{2} [a-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/i;
const rfc850 = /^[a-z]{6,9}, \d{2}-[a-z]{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/i;
const asctime = /^[a-z]{3} [a-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/i;

const momentOf = (text: string): EpochMs => {
  if (rfc3339.test(text)) return Date.parse(text.toUpperCase());
  if (imfFixdate.test(text) || rfc850.test(text)) return Date.parse(text);
  // asctime carries no zone and is UTC by definition; unmarked, it would be read in the server's own zone.
  return asctime.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
};

/** An RFC 3339 time or any of the three HTTP dates, as a wait from `now`. */
export const waitUntilDateText = (text: string, now: EpochMs): number | undefined =>
  text.length > waitCharsMax ? undefined : waitUntil(momentOf(text.trim()), now);

const unitMs = { s: secondMs, m: minuteMs, h: hourMs, d: 24 * hourMs } as const;

const msPerUnit = (unit: string): number => {
  if (unit.startsWith('ms') || unit.startsWith('milli')) return 1;
  if (unit.startsWith('s')) return unitMs.s;
  if (unit.startsWith('m')) return unitMs.m;
  return unit.startsWith('h') ? unitMs.h : unitMs.d;
};

/** Reads `6m0s`, `250ms`, `1h2m3s` or `2 days 3 hours` at the start of `text` and says where it ended. */
const leadingDuration = (text: string): { readonly ms: number; readonly end: number } | undefined => {
  const piece =
    /(\d{1,9}(?:\.\d{1,9})?) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![a-z]) ?/iy;
  let ms = 0;
  let end = 0;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [, amount = '', unit = ''] = match;
    ms += Number(amount) * msPerUnit(unit.toLowerCase());
    end = piece.lastIndex;
  }
  return end === 0 ? undefined : { ms, end };
};

/** A duration such as `6m0s`, `1s` or `250ms` that fills the whole text. */
export const waitOfDurationText = (text: string): number | undefined => {
  if (text.length > waitCharsMax) return undefined;
  const trimmed = text.trim();
  const found = leadingDuration(trimmed);
  return found?.end === trimmed.length ? waitOfMs(found.ms) : undefined;
};

/** The duration in a sentence like "please try again in 1m2.5s", in lower-cased text. */
export const waitInSentence = (text: string): number | undefined => {
  const lead = /\b(?:try again|retry) (?:in|after) /.exec(text);
  if (lead === null) return undefined;
  const from = lead.index + lead[0].length;
  const found = leadingDuration(text.slice(from, from + waitCharsMax));
  return found === undefined ? undefined : waitOfMs(found.ms);
};

/** Seconds since 1970 as text, e.g. `1777936568`, as a wait from `now`. */
export const waitUntilUnixText = (text: string, now: EpochMs): number | undefined => {
  const seconds = decimalOf(text.trim());
  return seconds === undefined ? undefined : waitUntil(seconds * secondMs, now);
};
