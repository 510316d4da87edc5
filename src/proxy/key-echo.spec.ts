import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { messageOf } from '../domain/failure.js';
import type { Outcome } from '../domain/outcome.js';
import { readErrorBody } from '../domain/upstream-error.js';
import type { AttemptResult } from './attempt-terms.js';
import type { HeldAnswer } from './held-answer.js';
import { withoutKeyEcho } from './key-echo.js';

const key = 'plain-words-only';
const header = (): undefined => undefined;

const held = (changes: Partial<HeldAnswer>): HeldAnswer => ({
  status: 401,
  statusMessage: 'Unauthorized',
  headers: ['content-type', 'application/json'],
  body: Buffer.from('{"error":{"message":"no"}}'),
  isWhole: true,
  ...changes,
});

const refused = (body: object): Outcome => ({ kind: 'refused', refusal: { status: 401, header, error: readErrorBody(JSON.stringify(body), 401, 0) } });

const resultOf = (outcome: Outcome, answer?: HeldAnswer): AttemptResult => ({
  outcome,
  committed: false,
  held: answer,
  firstByteMs: 1,
  usage: undefined,
  usageIncomplete: false,
});

describe('what an upstream says of the key it was shown', () => {
  it.each([
    ['as a code', { error: { type: 'auth', code: key } }, 'upstream answered 401 (auth)'],
    ['as a type', { error: { type: key, code: 'bad_key' } }, 'upstream answered 401 (bad_key)'],
    ['inside a name', { error: { code: `key_${key}_unknown` } }, 'upstream answered 401'],
    ['in part', { error: { code: key.slice(2, 14) } }, 'upstream answered 401'],
  ])('is no name for the log: %s', (_how, body, message) => {
    expect(messageOf(withoutKeyEcho(resultOf(refused(body)), key).outcome)).toBe(message);
  });

  it('is no name of an error inside a success either', () => {
    const error = readErrorBody(JSON.stringify({ error: { type: key } }), 200, 0);
    expect(messageOf(withoutKeyEcho(resultOf({ kind: 'disguised', error, header }), key).outcome)).not.toContain(key);
  });

  it.each([
    ['in its body', { body: Buffer.from(`{"error":"${key}"}`) }],
    ['in a compressed body', { body: gzipSync(`{"error":"${key}"}`), headers: ['Content-Encoding', 'gzip'] }],
    ['in a header', { headers: ['x-debug', `Bearer ${key}`] }],
    ['behind its status', { statusMessage: `no ${key}` }],
  ])('is not handed on to the client: %s', (_where, changes) => {
    expect(withoutKeyEcho(resultOf(refused({}), held(changes)), key).held).toBeUndefined();
  });
});

describe('an answer', () => {
  it('that says nothing of the key stays as it is, word for word', () => {
    const result = resultOf(refused({ error: { type: 'authentication_error', code: 'invalid_api_key' } }), held({}));
    expect(withoutKeyEcho(result, key)).toEqual(result);
  });

  it('is not searched for a key so short that it may stand anywhere', () => {
    const result = resultOf(refused({ error: { code: 'none' } }), held({ body: Buffer.from('none') }));
    expect(withoutKeyEcho(result, 'none')).toBe(result);
  });

  it('without a body and without words has nothing to hide', () => {
    const result = resultOf({ kind: 'hung-up' });
    expect(withoutKeyEcho(result, key)).toEqual(result);
  });
});
