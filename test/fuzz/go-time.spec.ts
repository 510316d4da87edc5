import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochMsOfStored } from '../../src/database/original/go-time.js';
import { fuzzMsMax, fuzzRuns } from '../support/campaign.js';
import { corpus, mutated } from './mutations.js';
import { slowStoredTime } from './slow-times.js';

const tokens = ['0', '29', '30', '31', '12', '13', '23', '24', '59', '60', '-', '+', ':', '.', ',', ' ', '\n', 'T', 'Z', 'UTC', 'GMT', ' m=+0.1', ' m=', ' +0800', '-0330', ' CST', '2024-02-29', '1900-02-29', '2000-02-29', '\u00a0'];

const twoDigits = (value: number): string => String(Math.abs(value)).padStart(2, '0');

describe('a time in an original file', () => {
  it(
    'comes back whatever the moment, the zone, the digits and the clock behind it',
    () => {
      const moments = fc.integer({ min: Date.parse('0001-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') });
      const zones = fc.record({ minutes: fc.integer({ min: -14 * 60, max: 14 * 60 }), name: fc.constantFrom('CST', 'NST', '+08', '-0330', 'Some Place') });
      const ends = fc.constantFrom('', ' m=+0.1', ' m=-12.000000001');
      fc.assert(
        fc.property(moments, zones, fc.integer({ min: 3, max: 9 }), ends, (ms, { minutes, name }, digits, end) => {
          const local = new Date(ms + minutes * 60_000).toISOString();
          const fraction = `${local.slice(20, 23)}987654`.slice(0, digits);
          const zone = `${minutes < 0 ? '-' : '+'}${twoDigits(Math.trunc(minutes / 60))}${twoDigits(minutes % 60)}`;
          expect(epochMsOfStored(`${local.slice(0, 10)} ${local.slice(11, 19)}.${fraction} ${zone} ${name}${end}`)).toBe(ms);
        }),
        { numRuns: fuzzRuns(1_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'however broken, is read as somebody reads it who takes it letter by letter and counts the days',
    () => {
      fc.assert(
        fc.property(mutated(corpus('stored-times'), tokens), (bytes) => {
          const text = bytes.toString('latin1');
          expect(epochMsOfStored(text)).toBe(slowStoredTime(text));
        }),
        { numRuns: fuzzRuns(2_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'never is anything but a whole number of milliseconds, whatever stands there',
    () => {
      const anything = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,30}$/), fc.double());
      fc.assert(fc.property(anything, (stored) => Number.isInteger(epochMsOfStored(stored) ?? 0)), { numRuns: fuzzRuns(1_000) });
    },
    fuzzMsMax,
  );
});
