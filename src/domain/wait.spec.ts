import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  waitInSentence,
  waitMsMax,
  waitOfDurationText,
  waitOfMs,
  waitOfSecondsText,
  waitUntilDateText,
  waitUntilUnixText,
} from './wait.js';

// Sunday, 6 November 1994, 08:49:37 UTC, the moment that RFC 9110 writes its examples for.
const then = 784_111_777_000;
const minuteBefore = then - 60_000;

describe('a wait in milliseconds', () => {
  it.each([
    [1, 1],
    [0.2, 1],
    [1500.5, 1501],
    [waitMsMax, waitMsMax],
    [waitMsMax + 1, undefined],
    [0, undefined],
    [-5, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('of %d is read as %s', (ms, expected) => {
    expect(waitOfMs(ms)).toBe(expected);
  });
});

describe('a duration', () => {
  it.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['250ms', 250],
    ['1h2m3s', 3_723_000],
    ['1d2h', 93_600_000],
    ['59.972s', 59_972],
    ['2m59.56s', 179_560],
    ['0.5ms', 1],
    ['2 minutes 3 seconds', 123_000],
    [' 1s ', 1_000],
    ['6M0S', 360_000],
  ])('written "%s" is %d ms', (text, expected) => {
    expect(waitOfDurationText(text)).toBe(expected);
  });

  it.each(['', ' ', 's', '0s', '-1s', '+1s', '1', '1x', '1s!', 'x1s', '1sx', '1..5s', '1e3s', '0x1s', '1s, 2s', '9'.repeat(60) + 's', '999d', '1s'.repeat(40), 'NaNs', '１s'])(
    'written "%s" says nothing',
    (text) => {
      expect(waitOfDurationText(text)).toBeUndefined();
    },
  );
});

describe('a date', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    '1994-11-06T08:49:37Z',
    '1994-11-06t08:49:37z',
    '1994-11-06T09:49:37+01:00',
    '1994-11-06T08:49:36.999999999Z',
  ])('written "%s" is waited for, in whatever zone the server runs', (text) => {
    expect(waitUntilDateText(text, minuteBefore)).toBe(text.includes('.') ? 59_999 : 60_000);
  });

  it.each([
    'node 7',
    '1994',
    '1994-11-06',
    '1994-11-06T08:49:37',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Xxx, 06 Nov 1994 25:61:61 GMT',
    '1994-13-41T08:49:37Z',
    'tomorrow',
    '',
    `Sun, 06 Nov 1994 08:49:37 GMT${' '.repeat(99)}`,
  ])('written "%s" says nothing', (text) => {
    expect(waitUntilDateText(text, minuteBefore)).toBeUndefined();
  });

  it('that has passed, or is years away, says nothing', () => {
    expect(waitUntilDateText('Sun, 06 Nov 1994 08:49:37 GMT', then)).toBeUndefined();
    expect(waitUntilDateText('Sun, 06 Nov 1994 08:49:37 GMT', then + 1)).toBeUndefined();
    expect(waitUntilDateText('Mon, 06 Nov 2034 08:49:37 GMT', then)).toBeUndefined();
  });
});

describe('a sentence', () => {
  it.each([
    ['rate limit reached for gpt-4o on tokens per min: limit 30000, used 29937. please try again in 644ms.', 644],
    ['please try again in 18.642s. visit https://platform.openai.com/account/rate-limits', 18_642],
    ['please try again in 6m0s.', 360_000],
    ['try again in 5 days 22 hours 11 minutes.', 511_860_000],
    ['please retry after 30 seconds', 30_000],
  ])('is understood: %s', (text, expected) => {
    expect(waitInSentence(text)).toBe(expected);
  });

  it.each(['', 'please try again later', 'try again in a moment', 'try again in -5s', 'in 5s', 'try again in 5 moons'])(
    'is left alone when it names no duration: "%s"',
    (text) => {
      expect(waitInSentence(text)).toBeUndefined();
    },
  );
});

it('no text at all makes a wait that is not a whole number between 1 and the maximum', () => {
  const almostRight = fc.stringMatching(/^[-+0-9.eEdhmsZTx: ]{0,40}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), almostRight, fc.date().map(String)), fc.integer({ min: 0, max: 4e12 }), (text, now) => {
      const waits = [
        waitOfDurationText(text),
        waitOfSecondsText(text),
        waitUntilDateText(text, now),
        waitUntilUnixText(text, now),
        waitInSentence(`try again in ${text}`),
      ];
      for (const wait of waits) {
        if (wait !== undefined) expect(Number.isInteger(wait) && wait >= 1 && wait <= waitMsMax).toBe(true);
      }
    }),
  );
});
