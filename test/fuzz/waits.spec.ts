import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { waitMsMax, waitOfDurationText, waitOfSecondsText, waitUntilDateText } from '../../src/domain/wait.js';
import { fuzzMsMax, fuzzRuns } from '../support/campaign.js';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** The three HTTP dates and RFC 3339, put together by hand from the parts of a moment. */
const spellings = (moment: Date): readonly string[] => {
  const [day = '', month = ''] = [days[moment.getUTCDay()], months[moment.getUTCMonth()]];
  const [date, year] = [moment.getUTCDate(), moment.getUTCFullYear()];
  const time = [moment.getUTCHours(), moment.getUTCMinutes(), moment.getUTCSeconds()].map(two).join(':');
  return [
    `${day.slice(0, 3)}, ${two(date)} ${month} ${year} ${time} GMT`,
    `${day}, ${two(date)}-${month}-${two(year % 100)} ${time} GMT`,
    `${day.slice(0, 3)} ${month} ${String(date).padStart(2)} ${time} ${year}`,
    `${year}-${two(moment.getUTCMonth() + 1)}-${two(date)}T${time}Z`,
    `${year}-${two(moment.getUTCMonth() + 1)}-${two(date)}T${time}.000+00:00`,
  ];
};

/** Rounded up and within bounds, as every wait is. */
const bounded = (ms: number): number | undefined => (ms > 0 && ms <= waitMsMax ? ms : undefined);

describe('a wait', () => {
  it(
    'until a moment is the same in every spelling of that moment',
    () => {
      const moment = fc.integer({ min: Date.UTC(2024, 0, 1) / 1_000, max: Date.UTC(2049, 11, 31) / 1_000 });
      fc.assert(
        fc.property(moment, fc.integer({ min: -90_000, max: 40 * 86_400 }), (seconds, ahead) => {
          const now = (seconds - ahead) * 1_000;
          for (const text of spellings(new Date(seconds * 1_000))) expect([text, waitUntilDateText(text, now)]).toEqual([text, bounded(ahead * 1_000)]);
        }),
        { numRuns: fuzzRuns(1_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'of a duration is the sum of its parts',
    () => {
      const part = (unit: string, ms: number, max: number) => fc.nat(max).map((amount) => ({ text: `${amount}${unit}`, ms: amount * ms }));
      const parts = fc.tuple(part('d', 86_400_000, 40), part('h', 3_600_000, 99), part('m', 60_000, 99), part('s', 1_000, 99), part('ms', 1, 999));
      fc.assert(
        fc.property(parts, fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }), fc.constantFrom('', ' '), (all, chosen, gap) => {
          const some = chosen.flatMap((index) => all[index] ?? []);
          expect(waitOfDurationText(some.map(({ text }) => text).join(gap))).toBe(bounded(some.reduce((sum, { ms }) => sum + ms, 0)));
        }),
        { numRuns: fuzzRuns(1_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'in seconds is that many, and of anything else nothing',
    () => {
      fc.assert(fc.property(fc.nat(4_000_000), (seconds) => waitOfSecondsText(String(seconds)) === bounded(seconds * 1_000)), { numRuns: fuzzRuns(1_000) });
      fc.assert(
        fc.property(fc.string().filter((text) => !/^\s*\d+(?:\.\d+)?\s*$/.test(text)), (text) => waitOfSecondsText(text) === undefined),
        { numRuns: fuzzRuns(1_000) },
      );
    },
    fuzzMsMax,
  );
});
