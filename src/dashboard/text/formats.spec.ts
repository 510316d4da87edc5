import { describe, expect, it } from '@jest/globals';
import { formatsOf, noValue } from './formats.js';

const { en, zh } = formatsOf;
const now = Date.UTC(2026, 0, 2, 12);

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1_234_567, '1,234,567'],
    [1.6, '2'],
    [null, noValue],
    [undefined, noValue],
  ])('are whole: %p is %s', (value, text) => expect(en.number(value)).toBe(text));

  it.each([
    [999, '999', '999'],
    [12_345, '12.3K', '1.23万'],
    [1_000_000, '1M', '100万'],
    [undefined, noValue, noValue],
  ])('are short where nobody reads to the end: %p is %s and %s', (value, english, chinese) => expect([en.compact(value), zh.compact(value)]).toEqual([english, chinese]));
});

describe('a share', () => {
  it.each([
    [0, 0, noValue],
    [1, 0, noValue],
    [0, 5, '0%'],
    [5, 5, '100%'],
    [1, 3, '33.3%'],
    [1, 2, '50.0%'],
    [999_999, 1_000_000, '99.9%'],
  ])('%d of %d is %s', (part, all, text) => expect(en.percent(part, all)).toBe(text));
});

describe('a latency that was counted by class', () => {
  it.each([
    [null, noValue, noValue],
    [0.016, '≤ 250 ms', '≤ 250毫秒'],
    [14.65, '≤ 15 s', '≤ 15秒'],
    [100, '≤ 2 min', '≤ 2分钟'],
    [300, '≥ 5 min', '≥ 5分钟'],
  ])('of about %p s is %s and %s', (seconds, english, chinese) => expect([en.latencyClass(seconds), zh.latencyClass(seconds)]).toEqual([english, chinese]));
});

describe('a duration', () => {
  it.each([
    [null, noValue, noValue],
    [0.4, '0 ms', '0毫秒'],
    [999.4, '999 ms', '999毫秒'],
    [2_345, '2.35 s', '2.35秒'],
    [61_000, '61.0 s', '61.0秒'],
    [150_000, '3 min', '3分钟'],
    [7_200_000, '2 hr', '2小时'],
  ])('of %p ms is %s and %s', (ms, english, chinese) => expect([en.duration(ms), zh.duration(ms)]).toEqual([english, chinese]));
});

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [9_340, '9.3 kB'],
    [3_100_000, '3.1 MB'],
  ])('of %d is %s', (bytes, text) => expect(en.bytes(bytes)).toBe(text));
});

describe('a moment', () => {
  it.each([
    [0, 'now', '现在'],
    [-1_000, '1 second ago', '1秒钟前'],
    [-59_999, '60 seconds ago', '60秒钟前'],
    [90_000, 'in 2 minutes', '2分钟后'],
    [-25 * 3_600_000, 'yesterday', '昨天'],
  ])('%d ms away reads %s and %s', (distance, english, chinese) =>
    expect([en.time(now + distance, now).text, zh.time(now + distance, now).text]).toEqual([english, chinese]));

  it('has the exact one beside it', () => {
    const { iso, exact } = en.time(now, now);
    expect(iso).toBe('2026-01-02T12:00:00.000Z');
    expect(exact).toContain('Jan 2, 2026');
    expect(exact).toMatch(/ \d\d:\d\d:\d\d$/);
  });

  it.each([
    [0, '0:00'],
    [-7_999, '0:07'],
    [1_002_000, '16:42'],
    [3_723_000, '1:02:03'],
  ])('%d ms away is %s on a clock', (distance, text) => expect(en.stopwatch(now + distance, now).text).toBe(text));
});
