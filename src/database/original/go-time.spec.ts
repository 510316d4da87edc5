import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epochMsOfStored } from './go-time.js';

const at = (iso: string): number => Date.parse(iso);

describe('a time in an original file', () => {
  it.each([
    ['2025-09-27 16:19:02.123456789 +0800 CST', '2025-09-27T08:19:02.123Z'],
    ['2025-09-27 16:19:02.123456789 +0800 CST m=+0.123', '2025-09-27T08:19:02.123Z'],
    ['2025-09-27 16:19:02.1 +0800 CST m=+86400.000000001', '2025-09-27T08:19:02.100Z'],
    ['2025-09-27 16:19:02 +0000 UTC', '2025-09-27T16:19:02.000Z'],
    ['2025-09-27 16:19:02.999999999 +0000 UTC', '2025-09-27T16:19:02.999Z'],
    ['2025-09-27 16:19:02 -0330 NST', '2025-09-27T19:49:02.000Z'],
    ['2025-09-27 16:19:02 +0545 +0545', '2025-09-27T10:34:02.000Z'],
    ['2025-09-27 16:19:02 -0300 -03 m=-0.5', '2025-09-27T19:19:02.000Z'],
    ['2025-01-01 00:30:00 +0800 CST', '2024-12-31T16:30:00.000Z'],
    ['2024-02-29 23:59:59 -1200 -12', '2024-03-01T11:59:59.000Z'],
    ['2025-09-27T16:19:02.123456789+08:00', '2025-09-27T08:19:02.123Z'],
    ['2025-09-27T16:19:02Z', '2025-09-27T16:19:02.000Z'],
    ['2025-09-27 16:19:02.5+08:00', '2025-09-27T08:19:02.500Z'],
    ['2025-09-27 16:19:02', '2025-09-27T16:19:02.000Z'],
    ['2025-09-27 16:19', '2025-09-27T16:19:00.000Z'],
    ['2025-09-27', '2025-09-27T00:00:00.000Z'],
    ['1969-12-31 23:59:59.9995 +0000 UTC', '1969-12-31T23:59:59.999Z'],
    ['1901-12-13 20:45:52 +0805 LMT', '1901-12-13T12:40:52.000Z'],
    ['0001-01-01 00:00:00 +0000 UTC', '0001-01-01T00:00:00.000Z'],
  ])('%j is %s', (text, iso) => {
    expect(epochMsOfStored(text)).toBe(at(iso));
  });

  it.each([
    [0, 0],
    [1_758_960_000, 1_758_960_000_000],
    [1_758_960_000.25, 1_758_960_000_250],
    [1_758_960_000_123, 1_758_960_000_123],
    [1_758_960_000_123_456, 1_758_960_000_123],
    [1_758_960_000_123_456_789, 1_758_960_000_123],
    [-1_000, -1_000_000],
  ])('that is the number %d is %d ms', (stored, expected) => {
    expect(epochMsOfStored(stored)).toBe(expected);
  });

  it.each([
    ['', 'now', '2025', '2025-09', '2025-13-01 00:00:00 +0000 UTC', '2025-02-29 00:00:00 +0000 UTC', '2025-00-10', '2025-01-00'],
    ['2025-09-27 24:00:00 +0000 UTC', '2025-09-27 16:60:00', '2025-09-27 16:19:60', '2025-09-27 16:19:02 +0860 XXX'],
    ['2025-09-27 16:19:02 CST', '2025-09-27 16:19:02 +08', '27.09.2025 16:19:02', '2025-09-27 16:19:02.1234567890 +0000 UTC'],
    [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, true, Buffer.from('2025-09-27'), {}],
  ])('is not made up where there is none: %j, %j, %j, %j, …', (...stored) => {
    expect(stored.map(epochMsOfStored).filter((time) => time !== undefined)).toEqual([]);
  });

  it('comes back whatever the moment, the zone, the digits and the clock behind it', () => {
    const twoDigits = (value: number): string => String(Math.abs(value)).padStart(2, '0');
    const moments = fc.integer({ min: at('0001-01-02T00:00:00Z'), max: at('9999-12-30T00:00:00Z') });
    const zones = fc.record({ minutes: fc.integer({ min: -14 * 60, max: 14 * 60 }), name: fc.constantFrom('CST', 'NST', '+08', '-0330', 'Some Place') });
    const ends = fc.constantFrom('', ' m=+0.1', ' m=-12.000000001');
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 3, max: 9 }), ends, (ms, { minutes, name }, digits, end) => {
        const local = new Date(ms + minutes * 60_000).toISOString();
        const fraction = `${local.slice(20, 23)}987654`.slice(0, digits);
        const sign = minutes < 0 ? '-' : '+';
        const zone = `${sign}${twoDigits(Math.trunc(minutes / 60))}${twoDigits(minutes % 60)}`;
        expect(epochMsOfStored(`${local.slice(0, 10)} ${local.slice(11, 19)}.${fraction} ${zone} ${name}${end}`)).toBe(ms);
      }),
    );
  });

  it('never is anything but a whole number of milliseconds, whatever stands there', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,30}$/), fc.double());
    fc.assert(fc.property(anything, (stored) => Number.isInteger(epochMsOfStored(stored) ?? 0)));
  });
});
