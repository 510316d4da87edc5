import { describe, expect, it } from '@jest/globals';
import { logMessageCharsMax } from './call.js';
import { messageOf, nextAfter, penaltyFor, statusOf } from './failure.js';
import type { HeaderLookup, Outcome } from './outcome.js';
import { minuteMs, secondMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';

const now = 1_777_900_000_000;
const unixNow = now / 1000;

type Said = Partial<UpstreamError>;
type Fields = Readonly<Record<string, string>>;

const lookup =
  (fields: Fields): HeaderLookup =>
  (name) =>
    fields[name];

const errorOf = (status: number, said: Said): UpstreamError => ({
  status,
  type: undefined,
  code: undefined,
  text: '',
  hintMs: undefined,
  ...said,
});

const refused = (status: number, said?: Said, fields: Fields = {}): Outcome => ({
  kind: 'refused',
  refusal: { status, header: lookup(fields), error: said && errorOf(status, said) },
});

const disguised = (status: number, said: Said = {}, fields: Fields = {}): Outcome => ({
  kind: 'disguised',
  error: errorOf(status, said),
  header: lookup(fields),
});

/** "finish", "next channel 1000", "next model 60000": what follows from an outcome, as one word per column of the table. */
const consequenceOf = (outcome: Outcome): string => {
  const penalty = penaltyFor(outcome, now);
  const next = nextAfter(outcome);
  return penalty === undefined ? next : `${next}, ${penalty.scope} from ${penalty.firstMs / 1000} s`;
};

const relayed = 'finish';
const channel1s = 'next-channel, channel from 1 s';
const channel5min = 'next-channel, channel from 300 s';
const model1s = 'next-channel, model from 1 s';
const model1min = 'next-channel, model from 60 s';

describe('the status alone', () => {
  it.each([
    [[400, 405, 406, 407, 409, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499], relayed],
    [[404, 410], relayed],
    [[401, 402, 403], channel5min],
    [[408, 425], channel1s],
    [[429], model1s],
    [[500, 501, 502, 503, 504, 505, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 599], channel1s],
    [[101, 103, 300, 301, 302, 304, 307, 308, 600, 999], channel1s],
  ])('%j leads to: %s', (statuses, expected) => {
    for (const status of statuses) {
      expect([status, consequenceOf(refused(status))]).toEqual([status, expected]);
      // An error in disguise is treated exactly as the same status would be.
      expect([status, consequenceOf(disguised(status))]).toEqual([status, expected]);
    }
  });
});

describe('credit that is used up', () => {
  it.each([
    [400, { type: 'invalid_request_error', text: 'your credit balance is too low to access the anthropic api.' }],
    [400, { type: 'invalid_request_error', text: 'you have reached your specified api usage limits. you will regain access on 2026-04-01' }],
    [400, { code: 'billing_hard_limit_reached' }],
    [400, { text: 'billing hard limit has been reached' }],
    [403, { code: 'insufficient_user_quota' }],
    [403, { text: '用户额度不足，剩余额度: $0.10' }],
    [403, { text: '账户余额不足' }],
    [403, { text: 'insufficient account balance' }],
    [403, { text: 'your quota has been exhausted' }],
    [400, { text: 'you exceeded your current quota, please check your plan and billing details.' }],
    [402, { text: 'pay' }],
    [403, { type: 'billing_error' }],
  ])('%d %j cools the channel from 5 min, and the next one is tried', (status, said) => {
    expect(consequenceOf(refused(status, said))).toBe(channel5min);
    expect(penaltyFor(refused(status, said), now)?.reason).toBe('credit exhausted');
  });

  it.each([
    [400, { text: "invalid value: 'my credit balance is too low'. supported values are: 'user' and 'system'." }],
    [400, { text: 'unknown parameter: "quota exceeded"' }],
    [400, { text: 'could not parse `billing limit reached`' }],
    [400, { text: 'see https://example.test/insufficient-quota for the format' }],
    [400, { type: 'invalid_request_error', code: 'invalid_credentials_format' }],
    [400, { text: 'max_tokens: 200000 exceeds the limit' }],
    [422, { text: 'insufficient balance' }],
  ])('%d %j is not about credit, so nobody is cooled', (status, said) => {
    expect(consequenceOf(refused(status, said))).toBe(relayed);
  });
});

describe('a prompt that is too long', () => {
  it.each([
    [400, { code: 'context_length_exceeded', text: "this model's maximum context length is 8192 tokens" }],
    [400, { type: 'invalid_request_error', text: 'prompt is too long: 210000 tokens > 200000 maximum' }],
    [400, { text: 'input exceeds the context window; your quota of tokens is exceeded' }],
    [413, { type: 'request_too_large', text: 'request exceeds the maximum size' }],
    [413, { text: 'prompt is too long' }],
  ])('%d %j is too long everywhere: relayed, nobody is cooled', (status, said) => {
    expect(consequenceOf(refused(status, said))).toBe(relayed);
  });
});

describe('a missing model', () => {
  it.each([
    [404, { code: 'model_not_found' }, model1min],
    [404, { type: 'not_found_error', text: 'model: claude-3-opus' }, model1min],
    [404, { text: 'the model `gpt-9` does not exist or you do not have access to it.' }, model1min],
    [404, { text: 'models/gemini-x is not found for api version v1beta' }, model1min],
    [410, { text: 'this model has been retired' }, model1min],
    [404, { text: '模型不存在' }, model1min],
    [404, { type: 'not_found_error', text: 'not found' }, relayed],
    [404, { text: "previous response with id 'model' not found." }, relayed],
    [404, { text: 'invalid url (post /v1/foo)' }, relayed],
    [410, { text: 'gone' }, relayed],
    [400, { text: 'the model `gpt-9` does not support tools' }, relayed],
  ])('%d %j leads to: %s', (status, said, expected) => {
    expect(consequenceOf(refused(status, said))).toBe(expected);
  });
});

describe('a 429', () => {
  const account = 'next-channel, channel from 1 s';

  it.each([
    [{ type: 'insufficient_quota', code: 'insufficient_quota' }, account],
    [{ type: 'insufficient_quota', code: 'organization_spend_limit_exceeded' }, account],
    [{ type: 'usage_limit_reached' }, account],
    [{ type: 'rate_limit_error', code: 'enforced_spend_limit_reached' }, account],
    [{ text: "this request would exceed your account's rate limit. please try again later." }, account],
    [{ text: 'this request would exceed the rate limit for your organization (0dcc) of 20,000 input tokens per minute.' }, account],
    [{ text: 'too many requests from your ip address' }, account],
    [{ text: 'error code: 1015' }, account],
    [{ text: '您的账户请求过于频繁' }, account],
    [{ type: 'rate_limit_error', text: 'rate limited' }, model1s],
    [{ text: 'rate limit reached for gpt-4o in organization org-x on tokens per min (tpm): limit 30000, used 29937.' }, model1s],
    [{ text: "this request would exceed your organization's rate limit of 30,000 input tokens per minute (org: 9d50, model: claude-x)." }, model1s],
    [{ text: 'slow down. visit https://platform.openai.com/account/rate-limits to learn more.' }, model1s],
    [{ text: 'your words "my organization account quota" came too fast' }, model1s],
    [undefined, model1s],
  ])('that says %j leads to: %s', (said, expected) => {
    expect(consequenceOf(refused(429, said))).toBe(expected);
  });

  it.each([
    [{ 'anthropic-ratelimit-unified-status': 'rejected' }, account],
    [{ 'anthropic-ratelimit-unified-reset': String(unixNow + 60) }, account],
    [{ 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-representative-claim': 'seven_day' }, account],
    [{ 'anthropic-ratelimit-unified-status': 'rejected', 'anthropic-ratelimit-unified-representative-claim': 'seven_day_opus' }, model1s],
    [{ 'anthropic-ratelimit-unified-status': 'allowed', 'anthropic-ratelimit-unified-reset': String(unixNow + 60) }, model1s],
    [{ 'anthropic-ratelimit-requests-remaining': '0' }, model1s],
  ])('with the headers %j leads to: %s', (fields, expected) => {
    expect(consequenceOf(refused(429, undefined, fields))).toBe(expected);
  });
});

describe('a failure without an answer', () => {
  const late = 'finish, channel from 1 s';

  it.each<[Outcome, string, number]>([
    [{ kind: 'complete', status: 201 }, 'finish', 201],
    [{ kind: 'malformed', what: 'html' }, channel1s, 502],
    [{ kind: 'malformed', what: 'empty' }, channel1s, 502],
    [{ kind: 'malformed', what: 'unparsable' }, channel1s, 502],
    [{ kind: 'malformed', what: 'redirect' }, channel1s, 502],
    [{ kind: 'malformed', what: 'not-http' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'refused' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'dns' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'network' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'tls' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'forbidden' }, channel1s, 502],
    [{ kind: 'unreachable', cause: 'connect-timeout' }, channel1s, 504],
    [{ kind: 'stale' }, 'same-channel', 502],
    [{ kind: 'hung-up' }, channel1s, 502],
    [{ kind: 'timed-out', limit: 'first-event', committed: false }, channel1s, 504],
    [{ kind: 'timed-out', limit: 'idle', committed: false }, channel1s, 504],
    [{ kind: 'timed-out', limit: 'response', committed: false }, channel1s, 504],
    [{ kind: 'timed-out', limit: 'idle', committed: true }, late, 504],
    [{ kind: 'timed-out', limit: 'response', committed: true }, late, 504],
    [{ kind: 'broken', how: 'reset', committed: false }, channel1s, 502],
    [{ kind: 'broken', how: 'early-end', committed: false }, channel1s, 502],
    [{ kind: 'broken', how: 'reset', committed: true }, late, 502],
    [{ kind: 'broken', how: 'early-end', committed: true }, late, 502],
    [{ kind: 'broken', how: 'error-event', committed: true }, late, 502],
    [{ kind: 'client-left' }, 'finish', 499],
    [{ kind: 'cut-off' }, 'finish', 503],
  ])('%j leads to: %s, and %d in the log', (outcome, expected, status) => {
    expect(consequenceOf(outcome)).toBe(expected);
    expect(statusOf(outcome)).toBe(status);
  });

  it.each<[Outcome, number]>([
    [refused(429), 429],
    [refused(404), 404],
    [refused(529), 529],
    [refused(302), 502],
    [refused(101), 502],
    [refused(999), 502],
    [disguised(529), 529],
    [disguised(402), 402],
  ])('an answered failure keeps its status in the log: %#', (outcome, status) => {
    expect(statusOf(outcome)).toBe(status);
  });
});

describe('the hint of the server', () => {
  const reset = { 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '0' };

  it.each<[string, Outcome, number | undefined]>([
    ['comes from the headers', refused(429, {}, { 'retry-after': '7' }), 7_000],
    ['comes from the body', refused(429, { hintMs: 5_000 }), 5_000],
    ['comes from the headers before the body', refused(429, { hintMs: 5_000 }, { 'retry-after': '7' }), 7_000],
    ['comes from the limits of a 429', refused(429, {}, reset), 6 * minuteMs],
    ['comes from the limits of an account limit', refused(429, { type: 'insufficient_quota' }, reset), 6 * minuteMs],
    ['comes from the body of an error in disguise', disguised(429, { hintMs: 11_054 }), 11_054],
    ['comes from Retry-After on a 503', refused(503, {}, { 'retry-after': '7' }), 7_000],
    ['comes from Retry-After on a 401', refused(401, undefined, { 'retry-after': '7' }), 7_000],
    ['comes from the body of a 529', refused(529, { hintMs: 5_000 }), 5_000],
    ['does not come from limits on a 503, where they always stand', refused(503, {}, reset), undefined],
    ['does not come from limits on a 401', refused(401, {}, reset), undefined],
    ['is absent when it is garbage', refused(429, {}, { 'retry-after': 'soon' }), undefined],
    ['is absent without an answer', { kind: 'hung-up' }, undefined],
  ])('%s', (_title, outcome, expected) => {
    const penalty = penaltyFor(outcome, now);
    expect(penalty?.hintMs).toBe(expected);
    expect(penalty !== undefined && 'hintMs' in penalty).toBe(expected !== undefined);
  });

  it('does not matter where nobody is cooled', () => {
    expect(penaltyFor(refused(400, { hintMs: 5_000 }, { 'retry-after': '7' }), now)).toBeUndefined();
    expect(penaltyFor(refused(404, undefined, { 'retry-after': '7' }), now)).toBeUndefined();
  });

  it('does not change the schedule that holds without it', () => {
    expect(penaltyFor(refused(429, {}, { 'retry-after': '7' }), now)).toEqual({
      scope: 'model',
      firstMs: secondMs,
      hintMs: 7_000,
      reason: 'rate limit',
    });
  });
});

describe('the words in the log', () => {
  it.each<[Outcome, string]>([
    [{ kind: 'complete', status: 200 }, ''],
    [refused(429, { type: 'rate_limit_error' }), 'upstream answered 429 (rate_limit_error)'],
    [refused(404, { type: 'invalid_request_error', code: 'model_not_found' }), 'upstream answered 404 (invalid_request_error, model_not_found)'],
    [refused(429, { type: 'insufficient_quota', code: 'insufficient_quota' }), 'upstream answered 429 (insufficient_quota)'],
    [refused(500), 'upstream answered 500'],
    [refused(500, { text: 'secret' }), 'upstream answered 500'],
    [disguised(529, { type: 'overloaded_error' }), 'upstream answered success with an error inside (overloaded_error), treated as 529'],
    [{ kind: 'malformed', what: 'html' }, 'upstream answered with a web page'],
    [{ kind: 'unreachable', cause: 'dns' }, 'upstream unreachable: host name not found'],
    [{ kind: 'hung-up' }, 'upstream closed the connection before it answered'],
    [{ kind: 'timed-out', limit: 'first-event', committed: false }, 'timeout: no event came in time'],
    [{ kind: 'timed-out', limit: 'idle', committed: true }, 'stream broken: the upstream fell silent'],
    [{ kind: 'broken', how: 'early-end', committed: true }, 'stream broken: the answer ended before it was complete'],
    [{ kind: 'client-left' }, 'client left'],
    [{ kind: 'cut-off' }, 'cut off by the shutdown'],
  ])('%#: %j reads "%s"', (outcome, expected) => {
    expect(messageOf(outcome)).toBe(expected);
  });

  it('never contain free text of an upstream and never exceed the column', () => {
    const text = 'sk-secret prompt words';
    for (const status of [302, 400, 401, 404, 429, 500]) {
      for (const outcome of [refused(status, { text }), disguised(status, { text })]) {
        expect(messageOf(outcome)).not.toContain('secret');
        expect(penaltyFor(outcome, now)?.reason ?? '').not.toContain('secret');
      }
    }
    expect(messageOf(refused(429, { type: 'x'.repeat(900) }))).toHaveLength(logMessageCharsMax);
  });
});
