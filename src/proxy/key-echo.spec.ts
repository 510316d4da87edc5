import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encode } from '../../test/support/script.js';
import { fuzzMsMax, fuzzRuns } from '../../test/support/campaign.js';
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

/** A key with all that JSON, URLs and pages write in another way. */
const awkward = 'sk-ab/cd+"ef\\gh&0123456789%41';
const said = (text: string): Buffer => Buffer.from(`{"error":{"message":"the key ${text} is wrong"}}`);
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

describe('a key', () => {
  it.each([
    ['with escaped slashes', said(json(awkward).replaceAll('/', '\\/'))],
    ['with escaped quotes', said(json(awkward))],
    ['in JSON in JSON', said(json(json(awkward)))],
    ['letter by letter', said(awkward.replace(/./g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`))],
    ['in base64', said(Buffer.from(`Bearer ${awkward}`).toString('base64'))],
    ['in a URL', said(encodeURIComponent(awkward))],
    ['in hex', said(Buffer.from(awkward).toString('hex'))],
    ['in UTF-16', Buffer.from(said(awkward).toString(), 'utf16le')],
    ['without its last character', said(awkward.slice(0, -1))],
    ['in half', said(awkward.slice(8, 24))],
  ])('is not handed on to the client: %s', (_form, body) => {
    expect(withoutKeyEcho(resultOf(refused({}), held({ body })), awkward).held).toBeUndefined();
  });

  const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const keys = fc.string({ unit: visible, minLength: 13, maxLength: 120 });
  const form = fc.constantFrom<((text: string) => string)[]>(
    (text) => text,
    json,
    (text) => json(text).replaceAll('/', '\\/'),
    (text) => text.replace(/./g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text).toString('hex'),
    (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
    (text) => Buffer.from(`x:${text}`).toString('base64url'),
  );
  const codings: readonly (readonly [name: string, code: (body: Buffer) => Buffer])[] = [
    ['identity', (body) => body],
    ['gzip', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['br', (body) => brotliCompressSync(body)],
    ['zstd', (body) => encode('zstd', body.toString())],
  ];
  const place = fc.constantFrom<((text: string, code: (body: Buffer) => Buffer) => Partial<HeldAnswer>)[]>(
    (text, code) => ({ body: code(said(text)) }),
    (text, code) => ({ body: code(Buffer.from(text)) }),
    (text, code) => ({ body: Buffer.concat([code(said('')), Buffer.from(text)]) }),
    (text) => ({ statusMessage: text }),
  );

  it('is handed on in no form, in no coding, from no place, and not without its last character', () => {
    fc.assert(
      fc.property(keys, form, fc.constantFrom(...codings), place, fc.boolean(), (key, write, [name, code], put, isWhole) => {
        const answer = held({ headers: ['Content-Encoding', name], ...put(write(isWhole ? key : key.slice(0, -1)), code) });
        return withoutKeyEcho(resultOf(refused({}), answer), key).held === undefined;
      }),
      { numRuns: fuzzRuns(1_000) },
    );
  }, fuzzMsMax);
});

describe('what cannot be read whole is not handed on to the client', () => {
  const text = said('of somebody');
  const long = said('x'.repeat(300 * 1024));
  it.each([
    ['an unknown coding', ['content-encoding', 'compress'], text],
    ['several codings', ['content-encoding', 'gzip, br'], gzipSync(text)],
    ['several codings in several lines', ['content-encoding', 'identity', 'Content-Encoding', 'gzip'], gzipSync(text)],
    ['another coding than it says', ['content-encoding', 'deflate'], deflateRawSync(text)],
    ['no gzip', ['content-encoding', 'gzip'], text],
    ['gzip that unfolds too far', ['content-encoding', 'gzip'], gzipSync(long)],
    ['brotli that unfolds too far', ['content-encoding', 'br'], brotliCompressSync(long)],
    ['zstd that unfolds too far', ['content-encoding', 'zstd'], encode('zstd', long.toString())],
    ['zstd in two frames', ['content-encoding', 'zstd'], Buffer.concat([encode('zstd', 'x'), encode('zstd', text.toString())])],
  ])('%s', (_what, headers, body) => {
    expect(withoutKeyEcho(resultOf(refused({}), held({ headers, body })), key).held).toBeUndefined();
  });
});

describe('an answer', () => {
  const text = said('of somebody '.repeat(8_000));
  it.each([
    ['', text.subarray(0, 65_536)],
    ['identity', text.subarray(0, 65_536)],
    ['GZip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', encode('zstd', text.toString())],
    ['gzip', gzipSync(text).subarray(0, 100)],
    ['compress', Buffer.alloc(0)],
  ])('that can be read stays as it is, byte for byte (coding "%s")', (coding, body) => {
    const answer = held({ headers: coding === '' ? [] : ['Content-Encoding', coding], body });
    expect(withoutKeyEcho(resultOf(refused({}), answer), key).held).toBe(answer);
  });

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
