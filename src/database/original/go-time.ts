import type { EpochMs } from '../../domain/time.js';

/*
 * Times of an original file. Its driver wrote what Go prints, `2025-09-27 16:19:02.123456789 +0800 CST m=+0.123`; other
 * drivers and later versions wrote RFC 3339, SQLite's own form (which is UTC), or a number.
 */

const written =
  /^(?<year>\d{4,5})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?)?(?<zone>.*)$/s;
// Go prints the offset first; the name behind it is what a person calls the zone, and often no name at all ("+08", "-03").
const offset = /^ ?(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)(?: [^\n]*)?$/;
const utc = /^ ?(?:Z|UTC|GMT)?(?: m=[+-][\d.]+)?$/;

const minuteMs = 60_000;

/** Minutes east of UTC; `undefined` when the text names a zone without saying how far away it is. */
const offsetMinutesOf = (zone: string): number | undefined => {
  if (utc.test(zone)) return 0;
  const { sign, hours = '', minutes = '' } = offset.exec(zone)?.groups ?? {};
  if (sign === undefined || Number(minutes) > 59) return undefined;
  const total = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -total : total;
};

/** `undefined` for a thirteenth month, a 31 June, a 25th hour: JavaScript would count on into the next one. */
const utcMs = (year: number, month: number, day: number, timeOfDay: readonly [number, number, number]): EpochMs | undefined => {
  const [hour, minute, second] = timeOfDay;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC takes the years 0 to 99 for those of the last century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second, 0);
};

const msOfText = (text: string): EpochMs | undefined => {
  const { year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = '' } = written.exec(text.trim())?.groups ?? {};
  if (year === undefined) return undefined;
  const offsetMinutes = offsetMinutesOf(zone);
  const local = utcMs(Number(year), Number(month), Number(day), [Number(hour), Number(minute), Number(second)]);
  if (offsetMinutes === undefined || local === undefined) return undefined;
  return local + Number(fraction.padEnd(3, '0').slice(0, 3)) - offsetMinutes * minuteMs;
};

/** Numbers up to these are seconds, milliseconds, microseconds; what is larger, nanoseconds. All of them reach past the year 5000. */
const secondsMax = 1e11;
const msMax = 1e14;
const microsecondsMax = 1e17;

const msOfNumber = (value: number): EpochMs | undefined => {
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return undefined;
  if (size < secondsMax) return Math.floor(value * 1_000);
  if (size < msMax) return Math.floor(value);
  return Math.floor(size < microsecondsMax ? value / 1e3 : value / 1e6);
};

/** The moment that a time column of an original file means; `undefined` when it cannot be read. Fractions are cut to milliseconds. */
export const epochMsOfStored = (value: unknown): EpochMs | undefined => {
  if (typeof value === 'string') return msOfText(value);
  return typeof value === 'number' ? msOfNumber(value) : undefined;
};
