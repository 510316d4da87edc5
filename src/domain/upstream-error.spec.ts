import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorTextCharsMax, readErrorBody, readUpstreamError } from './upstream-error.js';
import { waitMsMax } from './wait.js';

const now = 1_777_900_000_000;
const inside200 = (payload: unknown) => readUpstreamError(payload, undefined, now);

describe('an error inside a 2xx', () => {
  it.each([
    ['Anthropic', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 529, 'overloaded_error', undefined, 'overloaded'],
    [
      'OpenAI',
      { error: { message: 'The model `x` does not exist', type: 'invalid_request_error', code: 'model_not_found', param: null } },
      404,
      'invalid_request_error',
      'model_not_found',
      'the model `x` does not exist',
    ],
    ['error as text', { error: 'Something broke' }, 500, undefined, undefined, 'something broke'],
    [
      'failed Responses stream',
      { type: 'response.failed', response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow' } } },
      429,
      undefined,
      'rate_limit_exceeded',
      'slow',
    ],
    [
      'failed Responses body',
      { object: 'response', status: 'failed', error: { code: 'server_error', message: 'Oops' } },
      500,
      undefined,
      'server_error',
      'oops',
    ],
    ['failed response that does not say why', { type: 'response.failed', response: { status: 'failed', error: null } }, 500, undefined, undefined, ''],
    ['failed body that does not say why', { object: 'response', id: 'r', status: 'failed', error: null }, 500, undefined, undefined, ''],
    [
      'flat Responses error event',
      { type: 'error', code: 'server_is_overloaded', message: 'Busy', param: null, sequence_number: 3 },
      529,
      undefined,
      'server_is_overloaded',
      'busy',
    ],
    [
      'nested Responses error event',
      { type: 'error', error: { type: 'invalid_request_error', code: 'invalid_prompt', message: 'No' } },
      400,
      'invalid_request_error',
      'invalid_prompt',
      'no',
    ],
    ['error event that says nothing', { type: 'error' }, 500, undefined, undefined, ''],
    ['detail as text', { detail: 'Unauthorized' }, 500, undefined, undefined, 'unauthorized'],
    ['detail as object', { detail: { code: 'deactivated_workspace' } }, 403, undefined, 'deactivated_workspace', ''],
    ['detail as a list', { detail: [{ loc: ['body'], msg: 'Field required' }, { msg: 'Too long' }] }, 500, undefined, undefined, 'field required; too long'],
    ['error: true', { error: true, message: 'Nope', code: 503 }, 503, undefined, '503', 'nope'],
    ['a list of one', [{ error: { code: 429, message: 'Quota', status: 'RESOURCE_EXHAUSTED' } }], 429, undefined, '429', 'quota'],
    ['chunk with choices', { id: 'c', choices: [{}], error: { code: 502, message: 'Provider' } }, 502, undefined, '502', 'provider'],
  ])('is recognised in the shape: %s', (...[, payload, status, type, code, text]) => {
    expect(inside200(payload)).toEqual({ status, type, code, text, hintMs: undefined });
  });

  it.each([
    ['null', null],
    ['text', 'error'],
    ['a number', 500],
    ['an empty list', []],
    ['an empty object', {}],
    ['error null', { object: 'response', status: 'completed', error: null, output: [] }],
    ['a created response', { type: 'response.created', response: { status: 'in_progress', error: null } }],
    ['an incomplete response', { object: 'response', status: 'incomplete', error: null }],
    ['an empty error object', { choices: [{}], error: {} }],
    ['an error object without content', { choices: [{}], error: { message: '', type: '', param: null, code: 0 } }],
    ['a blank error', { error: ' ' }],
    ['error false', { error: false }],
    ['an answer about errors', { type: 'message', content: [{ type: 'text', text: '{"error":"x"}' }] }],
    ['a refusal by content filter', { choices: [{ finish_reason: 'content_filter' }] }],
    ['an answer with a detail', { object: 'image', detail: 'high' }],
    ['an answer with an id and a detail', { id: 'x', detail: 'high' }],
    ['a detail of null', { detail: null }],
  ])('is not seen in %s', (_what, payload) => {
    expect(inside200(payload)).toBeUndefined();
  });

  it.each([
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['rate_limit_exceeded', 429],
    ['usage_limit_reached', 429],
    ['tokens', 429],
    ['authentication_error', 401],
    ['invalid_api_key', 401],
    ['permission_error', 403],
    ['invalid_request_error', 400],
    ['invalid_prompt', 400],
    ['context_length_exceeded', 400],
    ['image_file_not_found', 400],
    ['not_found_error', 404],
    ['request_too_large', 413],
    ['billing_error', 402],
    ['insufficient_quota', 402],
    ['credit_balance_exhausted', 402],
    ['timeout_error', 504],
    ['vector_store_timeout', 504],
    ['slow_down', 503],
    ['api_error', 500],
    ['server_error', 500],
    ['new_api_error', 500],
    ['invalid_credentials', 400],
  ])('of type or code %s means %d', (token, status) => {
    expect(inside200({ error: { type: token, message: 'x' } })?.status).toBe(status);
    expect(inside200({ error: { code: token, message: 'x' } })?.status).toBe(status);
  });

  it.each([
    ['the code is narrower than the type', { type: 'invalid_request_error', code: 'rate_limit_error' }, {}, 429],
    ['an unknown code leaves the type to decide', { type: 'rate_limit_error', code: 'x' }, {}, 429],
    ['a known type counts more than a stated status', { type: 'overloaded_error' }, { status_code: 500 }, 529],
    ['a stated status counts when the names are unknown', { type: 'odd' }, { status_code: 403 }, 403],
    ['a stated status may be text', { type: 'odd', code: '429' }, {}, 429],
    ['a stated status must be one of an error', { type: 'odd', code: 200 }, { status: 'failed' }, 500],
  ])('%s', (_title, error, around, status) => {
    expect(inside200({ error: { ...error, message: 'x' }, ...around })?.status).toBe(status);
  });

  it('keeps the status of the response when that is an error itself', () => {
    const payload = { type: 'error', error: { type: 'overloaded_error', message: 'x' } };
    expect(readUpstreamError(payload, 503, now)?.status).toBe(503);
    expect(readUpstreamError(payload, 200, now)?.status).toBe(529);
  });
});

describe('type and code', () => {
  it.each([
    ['a sentence', 'your key is bad'],
    ['too long', 'a'.repeat(65)],
    ['empty', ''],
    ['a line break', 'a\nb'],
    ['markup', '<b>'],
    ['a key', 'sk-abcdefghijklmnopqrstuvwx'],
    ['a key of another maker', 'AIzaSyA1bcdefghijklmnopqrstuvwxyz'],
    ['a key behind a word', 'cr_0123456789abcdef0123456789abcdef'],
    ['an id of a request', 'req_011CSHoEeqs5C35K2UUqR7Fy'],
    ['a long number', '1234567890123456'],
    ['an object', { a: 1 }],
    ['null', null],
    ['true', true],
  ])('are dropped when they are %s', (_what, value) => {
    expect(inside200({ error: { message: 'x', type: value, code: value } })).toMatchObject({ type: undefined, code: undefined });
  });

  it('are kept up to 64 characters, and numbers as text', () => {
    const longest = 'aZ0_.-'.padEnd(64, 'x');
    expect(inside200({ error: { type: longest, code: 1113 } })).toMatchObject({ type: longest, code: '1113' });
  });

  it.each(['rate_limit_error', 'PermissionDeniedException', 'invalid_request_error.v2', 'gpt-4o-2024-08-06', 'HTTP_429', 'insufficientquotaexceeded'])(
    'are kept when they are a word such as %s',
    (word) => {
      expect(inside200({ error: { message: 'x', type: word } })?.type).toBe(word);
    },
  );

  it('the code of a spending limit is found in the details', () => {
    const error = { type: 'rate_limit_error', message: 'x', details: { error_code: 'enforced_spend_limit_reached' } };
    expect(readUpstreamError({ type: 'error', error }, 429, now)).toMatchObject({ status: 429, code: 'enforced_spend_limit_reached' });
  });
});

describe('the wait a body asks for', () => {
  it.each([
    [{ resets_in_seconds: 13_872, resets_at: 1_777_936_568 }, 13_872_000],
    [{ resets_at: now / 1000 + 60 }, 60_000],
    [{ retry_after: 20 }, 20_000],
    [{ retry_after: 0.25 }, 250],
    [{ retry_after_ms: 250 }, 250],
    [{ message: 'Please try again in 11.054s.' }, 11_054],
    [{ retry_after: 20, message: 'Please try again in 5s' }, 20_000],
    [{ resets_in_seconds: -1 }, undefined],
    [{ resets_in_seconds: '60' }, undefined],
    [{ resets_at: now / 1000 - 1 }, undefined],
    [{ resets_at: now }, undefined],
    [{ retry_after: 1e300 }, undefined],
    [{ retry_after: null }, undefined],
  ])('in %j is %s ms', (fields, expected) => {
    expect(readUpstreamError({ error: { type: 'usage_limit_reached', ...fields } }, 429, now)?.hintMs).toBe(expected);
  });

  it('may stand beside the error object', () => {
    expect(readUpstreamError({ error: 'rate limited', retry_after: 3 }, 429, now)?.hintMs).toBe(3_000);
  });
});

describe('the body of a refusal', () => {
  it.each([
    ['a known shape', '{"error":{"type":"rate_limit_error","message":"Slow"}}', 'rate_limit_error', 'slow'],
    ['with a byte order mark', '\uFEFF {"error":{"type":"rate_limit_error","message":"Slow"}}\n', 'rate_limit_error', 'slow'],
    ['a bare message', '{"message":"No API key found in request"}', undefined, 'no api key found in request'],
    ['a bare msg', '{"code":1113,"msg":"Insufficient balance"}', undefined, 'insufficient balance'],
    ['a JSON text', '"Unauthorized"', undefined, 'unauthorized'],
    ['plain text', 'Too Many Requests', undefined, 'too many requests'],
    ['markup', '<html><h1>502 Bad Gateway</h1></html>', undefined, '<html><h1>502 bad gateway</h1></html>'],
    ['JSON cut in the middle', '{"error":{"message":"Ab', undefined, '{"error":{"message":"ab'],
    ['nothing', '', undefined, ''],
    ['null', 'null', undefined, 'null'],
    ['an empty object', '{}', undefined, ''],
    ['error null', '{"error":null}', undefined, ''],
  ])('is read from %s', (_what, body, type, text) => {
    expect(readErrorBody(body, 418, now)).toMatchObject({ status: 418, type, text });
  });

  it('keeps a bounded text', () => {
    expect(readErrorBody('İ'.repeat(65_536), 500, now).text).toHaveLength(errorTextCharsMax);
    expect(readErrorBody(JSON.stringify({ error: 'x'.repeat(65_000) }), 500, now).text).toHaveLength(errorTextCharsMax);
  });
});

it('any JSON is read without throwing, and within the promised bounds', () => {
  const key = fc.constantFrom('error', 'type', 'code', 'message', 'detail', 'response', 'object', 'status', 'resets_at', 'retry_after', '__proto__');
  const leaf = fc.oneof(fc.constantFrom('error', 'failed', 'response', 'response.failed', true, null), fc.string(), fc.double(), fc.integer());
  const { payload } = fc.letrec((tie) => ({
    payload: fc.oneof({ depthSize: 'small' }, leaf, fc.dictionary(key, tie('payload')), fc.array(tie('payload'), { maxLength: 2 })),
  }));
  fc.assert(
    fc.property(payload, fc.constantFrom(200, 400, 429, 500), (value, httpStatus) => {
      const error = readErrorBody(JSON.stringify(value), httpStatus, now);
      expect(error.status).toBeGreaterThanOrEqual(400);
      expect(error.type ?? 'x').toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
      expect(error.text.length).toBeLessThanOrEqual(errorTextCharsMax);
      if (error.hintMs !== undefined) expect(error.hintMs >= 1 && error.hintMs <= waitMsMax).toBe(true);
    }),
  );
});
