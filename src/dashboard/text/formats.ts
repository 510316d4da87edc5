import { latencyBound } from '../../domain/latency-bounds.js';
import { hourMs, minuteMs, secondMs, type EpochMs } from '../../domain/time.js';
import { localeOf, type Language } from './language.js';

const dayMs = 24 * hourMs;

/** Shown where there is no value: a number that nobody measured is not 0. */
export const noValue = '–';

/** A moment as pages show it: relative, with the exact one beside it for `title`. */
export interface TimeView {
  readonly iso: string;
  readonly text: string;
  readonly exact: string;
}

/** Hours, minutes and seconds of a clock that runs: `0:07`, `16:42`, `1:02:03`. `views/assets/js/times.js` says the same. */
const clock = (ms: number): string => {
  const seconds = Math.floor(Math.abs(ms) / secondMs);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  const [first = 0, ...others] = hours > 0 ? [hours, ...parts] : parts;
  return [String(first), ...others.map((part) => String(part).padStart(2, '0'))].join(':');
};

const relativeSteps = [
  { unit: 'day', ms: dayMs },
  { unit: 'hour', ms: hourMs },
  { unit: 'minute', ms: minuteMs },
  { unit: 'second', ms: secondMs },
] as const;

/** How numbers, shares and moments read in one language. Made once per language: constructing Intl formats is slow. */
export class Formats {
  private readonly locale: string;
  private readonly whole: Intl.NumberFormat;
  private readonly short: Intl.NumberFormat;
  private readonly share: Intl.NumberFormat;
  private readonly wholeShare: Intl.NumberFormat;
  private readonly relative: Intl.RelativeTimeFormat;
  private readonly moment: Intl.DateTimeFormat;

  constructor(readonly language: Language) {
    this.locale = localeOf[language];
    this.whole = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0 });
    this.short = new Intl.NumberFormat(this.locale, { notation: 'compact', maximumSignificantDigits: 3 });
    this.share = new Intl.NumberFormat(this.locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.wholeShare = new Intl.NumberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 });
    this.relative = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' });
    this.moment = new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  }

  /** Every digit: `1,234,567`. */
  number(value: number | null | undefined): string {
    return value === null || value === undefined ? noValue : this.whole.format(value);
  }

  /** Three digits: `1.23M`. For tokens and other numbers nobody reads to the end. */
  compact(value: number | null | undefined): string {
    return value === null || value === undefined ? noValue : this.short.format(value);
  }

  /**
   * `part` of `all` in percent, with one digit behind the point, so that columns of them stand in line. A share of nothing is
   * no value, almost all is never shown as all, and little never as nothing.
   */
  percent(part: number, all: number): string {
    if (all <= 0) return noValue;
    const share = part / all;
    if (share === 0 || share === 1) return this.wholeShare.format(share);
    if (part > 0 && share < 0.001) return this.share.format(0.001);
    return this.share.format(part < all && share > 0.999 ? 0.999 : share);
  }

  /** Milliseconds in the unit a person would say: `340 ms`, `2.40 s`, `12 min`. */
  duration(ms: number | null | undefined): string {
    if (ms === null || ms === undefined) return noValue;
    if (ms < secondMs) return this.unit(Math.round(ms), 'millisecond', 0);
    if (ms < 2 * minuteMs) return this.unit(ms / secondMs, 'second', ms < 10 * secondMs ? 2 : 1);
    return ms < 2 * hourMs ? this.unit(ms / minuteMs, 'minute', 0) : this.unit(ms / hourMs, 'hour', 1);
  }

  /** Of an estimate in seconds that comes from counts by class, what they really say: `≤ 15 s`, `≥ 5 min`. */
  latencyClass(seconds: number | null | undefined): string {
    if (seconds === null || seconds === undefined) return noValue;
    const bound = latencyBound(seconds);
    return 'atMost' in bound ? `≤ ${this.roundDuration(bound.atMost * secondMs)}` : `≥ ${this.roundDuration(bound.atLeast * secondMs)}`;
  }

  time(at: EpochMs, now: EpochMs): TimeView {
    const distanceMs = at - now;
    const step = relativeSteps.find(({ ms }) => Math.abs(distanceMs) >= ms);
    const text = step === undefined ? this.relative.format(0, 'second') : this.relative.format(Math.round(distanceMs / step.ms), step.unit);
    return { iso: new Date(at).toISOString(), text, exact: this.moment.format(at) };
  }

  /** The same with a clock that counts from it, or down to it, in place of words. */
  stopwatch(at: EpochMs, now: EpochMs): TimeView {
    return { ...this.time(at, now), text: clock(at - now) };
  }

  /** Three digits in the unit they fit: `840 B`, `14.2 kB`, `3.1 MB`. */
  bytes(count: number): string {
    if (count < 1_000) return this.unit(count, 'byte', 0);
    if (count < 1_000_000) return this.unit(count / 1_000, 'kilobyte', 1);
    return this.unit(count / 1_000_000, 'megabyte', 1);
  }

  private roundDuration(ms: number): string {
    if (ms < secondMs) return this.unit(ms, 'millisecond', 0);
    return ms < 2 * minuteMs ? this.unit(ms / secondMs, 'second', 0) : this.unit(ms / minuteMs, 'minute', 0);
  }

  private unit(value: number, unit: string, maximumFractionDigits: number): string {
    // Seconds stand below each other in columns: 5.30 beside 5.32.
    const minimumFractionDigits = unit === 'second' ? maximumFractionDigits : 0;
    const format = new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: 'short', minimumFractionDigits, maximumFractionDigits });
    // The symbols beside "ms" and "kB" are "s" and "B", also in English.
    return format.format(value).replace(/ sec$/, ' s').replace(/ byte$/, ' B');
  }
}

export const formatsOf: Readonly<Record<Language, Formats>> = { en: new Formats('en'), zh: new Formats('zh') };
