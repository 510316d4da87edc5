import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HeaderLookup } from './outcome.js';
import { isUnifiedLimitReached, retryAfterMs, retryHintMs } from './retry-after.js';
import { waitMsMax } from './wait.js';

const now = Date.parse('2025-08-21T12:40:00Z');
const unixNow = now / 1000;

const headers =
  (fields: Readonly<Record<string, string>>): HeaderLookup =>
  (name) =>
    fields[name];

const hint = (fields: Readonly<Record<string, string>>): number | undefined => retryHintMs(headers(fields), now);

describe('a single header', () => {
  it.each([
    ['retry-after', '120', 120_000],
    ['retry-after', '0.5', 500],
    ['retry-after', 'Thu, 21 Aug 2025 12:41:00 GMT', 60_000],
    ['retry-after', 'Thursday, 21-Aug-25 12:41:00 GMT', 60_000],
    ['retry-after', 'Thu Aug 21 12:41:00 2025', 60_000],
    ['retry-after-ms', '1500', 1_500],
    ['anthropic-ratelimit-unified-reset', String(unixNow + 3_600), 3_600_000],
    ['anthropic-ratelimit-unified-reset', '2025-08-21T13:40:00Z', 3_600_000],
    ['anthropic-ratelimit-requests-reset', '2025-08-21T12:40:59Z', 59_000],
    ['anthropic-ratelimit-tokens-reset', '2025-08-21T12:40:59Z', 59_000],
    ['anthropic-ratelimit-input-tokens-reset', '2025-08-21T12:40:59Z', 59_000],
    ['anthropic-ratelimit-output-tokens-reset', '2025-08-21T12:40:59Z', 59_000],
    ['x-ratelimit-reset-requests', '1s', 1_000],
    ['x-ratelimit-reset-tokens', '6m0s', 360_000],
    ['x-ratelimit-reset-tokens', '250ms', 250],
    ['x-ratelimit-reset-tokens', '1h2m3s', 3_723_000],
    ['x-ratelimit-reset-requests', '2025-08-21T12:41:00Z', 60_000],
    ['x-ratelimit-reset-requests', 'Thu, 21 Aug 2025 12:41:00 GMT', 60_000],
    ['x-ratelimit-reset-requests', '30', 30_000],
    ['x-ratelimit-reset-requests', String(unixNow + 60), 60_000],
  ])('%s: %s asks for %d ms', (name, value, expected) => {
    expect(hint({ [name]: value })).toBe(expected);
  });

  it.each([
    ['retry-after', ''],
    ['retry-after', '0'],
    ['retry-after', '-1'],
    ['retry-after', 'NaN'],
    ['retry-after', 'Infinity'],
    ['retry-after', '1e9'],
    ['retry-after', '0x10'],
    ['retry-after', '99999999999999999999'],
    ['retry-after', '4000000'],
    ['retry-after', 'soon'],
    ['retry-after', '120, 60'],
    ['retry-after', 'Wed, 20 Aug 2025 12:41:00 GMT'],
    ['retry-after', 'Thu, 21 Aug 2125 12:41:00 GMT'],
    ['retry-after-ms', '-1500'],
    ['retry-after-ms', '1s'],
    ['anthropic-ratelimit-unified-reset', String(unixNow - 1)],
    ['anthropic-ratelimit-unified-reset', String(now + 60_000)],
    ['anthropic-ratelimit-requests-reset', '2025-08-21T12:39:59Z'],
    ['anthropic-ratelimit-requests-reset', '2025-08-21'],
    ['x-ratelimit-reset-requests', '0s'],
    ['x-ratelimit-reset-requests', '-6m0s'],
    ['x-ratelimit-reset-requests', '6m0s; drop table'],
    ['x-ratelimit-reset-tokens', '1s'.repeat(5_000)],
    ['x-ratelimit-reset-images', '5s'],
  ])('%s: %s says nothing', (name, value) => {
    expect(hint({ [name]: value })).toBeUndefined();
  });

  it('is not needed: without any, nothing is said', () => {
    expect(hint({})).toBeUndefined();
  });
});

describe('several headers', () => {
  it('the most explicit wins', () => {
    const all = {
      'retry-after-ms': '1500',
      'retry-after': '20',
      'anthropic-ratelimit-unified-reset': String(unixNow + 30),
      'anthropic-ratelimit-requests-reset': '2025-08-21T12:40:40Z',
    };
    expect(hint(all)).toBe(1_500);
    expect(hint({ ...all, 'retry-after-ms': 'x' })).toBe(20_000);
    expect(hint({ ...all, 'retry-after-ms': 'x', 'retry-after': 'y' })).toBe(30_000);
    expect(hint({ 'anthropic-ratelimit-requests-reset': '2025-08-21T12:40:40Z' })).toBe(40_000);
  });

  it.each([
    ['a limit with nothing left counts, one with some left does not', { req: '0', tok: '149984' }, 1_000],
    ['of two limits with nothing left the later counts', { req: '0', tok: '0' }, 360_000],
    ['a limit that reports what is left does not count when it has some', { req: '59', tok: undefined }, 360_000],
    ['when none reports what is left, the later counts', { req: undefined, tok: undefined }, 360_000],
    ['an exhausted limit counts more than one that does not report', { req: '0', tok: undefined }, 1_000],
    ['when all have some left, nothing is said', { req: '59', tok: '149984' }, undefined],
    ['what cannot be read as zero is not zero', { req: 'none', tok: '-0' }, undefined],
  ])('%s', (_title, left, expected) => {
    const fields = {
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-reset-tokens': '6m0s',
      ...(left.req === undefined ? {} : { 'x-ratelimit-remaining-requests': left.req }),
      ...(left.tok === undefined ? {} : { 'x-ratelimit-remaining-tokens': left.tok }),
    };
    expect(hint(fields)).toBe(expected);
  });

  it('the four limits of Anthropic follow the same rule', () => {
    const fields = {
      'anthropic-ratelimit-requests-remaining': '999',
      'anthropic-ratelimit-requests-reset': '2025-08-21T12:40:59Z',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2025-08-21T12:40:20Z',
      'anthropic-ratelimit-output-tokens-remaining': '16000',
      'anthropic-ratelimit-output-tokens-reset': '2025-08-21T12:40:50Z',
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': '2025-08-21T12:40:30Z',
    };
    expect(hint(fields)).toBe(30_000);
  });

  it('a subscription limit that allowed the call is not the one that refused it', () => {
    const reset = { 'anthropic-ratelimit-unified-reset': String(unixNow + 18_000) };
    expect(hint({ ...reset, 'anthropic-ratelimit-unified-status': 'allowed' })).toBeUndefined();
    expect(hint({ ...reset, 'anthropic-ratelimit-unified-status': 'allowed_warning' })).toBeUndefined();
    expect(hint({ ...reset, 'anthropic-ratelimit-unified-status': 'rejected' })).toBe(18_000_000);
  });
});

it('outside of limits only Retry-After is believed, since limit headers stand on every answer', () => {
  const fields = headers({ 'x-ratelimit-reset-tokens': '6m0s', 'anthropic-ratelimit-unified-reset': String(unixNow + 60) });
  expect(retryAfterMs(fields, now)).toBeUndefined();
  expect(retryAfterMs(headers({ 'retry-after': '7' }), now)).toBe(7_000);
});

it.each([
  [{}, false],
  [{ 'anthropic-ratelimit-unified-reset': '1' }, true],
  [{ 'anthropic-ratelimit-unified-status': 'rejected' }, true],
  [{ 'anthropic-ratelimit-unified-status': 'Allowed', 'anthropic-ratelimit-unified-reset': '1' }, false],
])('the subscription limit of %j is reached: %s', (fields, expected) => {
  expect(isUnifiedLimitReached(headers(fields))).toBe(expected);
});

it('whatever the headers contain, a hint is a whole number between 1 and the maximum, or absent', () => {
  const value = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[-+0-9.edhmsTZ: ]{0,30}$/),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  const name = fc.constantFrom(
    ...['retry-after', 'retry-after-ms', 'anthropic-ratelimit-unified-reset', 'anthropic-ratelimit-tokens-reset'],
    ...['anthropic-ratelimit-tokens-remaining', 'x-ratelimit-reset-requests', 'x-ratelimit-remaining-requests'],
  );
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.integer({ min: 0, max: 8.64e15 }), (fields, at) => {
      const wait = retryHintMs(headers(fields), at);
      if (wait !== undefined) expect(Number.isInteger(wait) && wait >= 1 && wait <= waitMsMax).toBe(true);
    }),
  );
});
