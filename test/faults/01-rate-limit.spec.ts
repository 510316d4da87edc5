import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectNobodyElseAsked, expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { json, type HeaderLines } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('a rate limit with Retry-After', () => {
  it.concurrent.each(rows)('passes the request on to another channel, and the model is not asked of the first again: $title', async (row) => {
    const first = await gateway.upstream(json(429, row.errorBody('rate_limit_error', 'slow down'), [['Retry-After', '7']]), row.answers('first'));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 429);
    expect((await call(gateway, row, passage.model)).text).toBe(row.answerText('second'));
    expect(first.requests).toHaveLength(1);
  });

  it.concurrent.each(rows)('reaches the client unchanged when there is no other channel: $title', async (row) => {
    const body = row.errorBody('rate_limit_error', 'slow down');
    const only = await gateway.upstream(json(429, body, [['Retry-After', '7']]));
    const { model, ids } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);
    const next = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 429, isComplete: true, text: body });
    expect(answer.values('retry-after')).toEqual(['7']);
    expect(answer.values('x-ccload-channel')).toEqual([String(ids[0])]);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: 429 }]);
    expectOwnAnswer(row, next, 503);
    expect(Number(next.header('retry-after'))).toBeGreaterThanOrEqual(6);
    expect(Number(next.header('retry-after'))).toBeLessThanOrEqual(7);
    expect(only.requests).toHaveLength(1);
  });
});

const row = rowFor('anthropic', false);
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

const hints: readonly (readonly [string, () => HeaderLines, string])[] = [
  ['retry-after in seconds', () => [['retry-after', '40']], '{}'],
  ['retry-after as a date', () => [['retry-after', inSeconds(40).toUTCString()]], '{}'],
  ['retry-after-ms', () => [['retry-after-ms', '40000']], '{}'],
  [
    'anthropic-ratelimit-unified-reset',
    () => [
      ['anthropic-ratelimit-unified-status', 'rejected'],
      ['anthropic-ratelimit-unified-reset', String(Math.floor(Date.now() / 1_000) + 40)],
    ],
    '{}',
  ],
  [
    'anthropic-ratelimit-requests-reset',
    () => [
      ['anthropic-ratelimit-requests-remaining', '0'],
      ['anthropic-ratelimit-requests-reset', inSeconds(40).toISOString()],
    ],
    '{}',
  ],
  [
    'x-ratelimit-reset-requests',
    () => [
      ['x-ratelimit-remaining-requests', '0'],
      ['x-ratelimit-reset-requests', '40s'],
    ],
    '{}',
  ],
  ['resets_in_seconds in the body', () => [], '{"error":{"type":"usage_limit_reached","message":"x","resets_in_seconds":40}}'],
];

describe('the time to wait is understood from', () => {
  it.concurrent.each(hints)('%s', async (_name, headers, body) => {
    const only = await gateway.upstream(json(429, body, headers()));
    const { model } = await gateway.serve(only.url);

    await call(gateway, row, model);
    const seconds = Number((await call(gateway, row, model)).header('retry-after'));

    expect(seconds).toBeGreaterThanOrEqual(37);
    expect(seconds).toBeLessThanOrEqual(41);
  });

  it('a hint of more than an hour, which is believed for an hour', async () => {
    const only = await gateway.upstream(json(429, '{}', [['retry-after', '86400']]));
    const { model } = await gateway.serve(only.url);

    await call(gateway, row, model);

    expect(Number((await call(gateway, row, model)).header('retry-after'))).toBeLessThanOrEqual(3_600);
  });
});

describe('a rate limit of the whole account', () => {
  it('cools the channel for every model', async () => {
    const body = row.errorBody('rate_limit_error', 'This request would exceed your account limit');
    const first = await gateway.upstream(json(429, body, [['retry-after', '30']]));
    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 429);
    expect(passage.firstCoolsMs).toBeGreaterThan(28_000);
    expect(passage.firstCoolsMs).toBeLessThanOrEqual(30_000);
  });
});

describe('a client error in the shape of a limit', () => {
  it('belongs to the client: 413 is relayed and cools nobody', async () => {
    const first = await gateway.upstream(json(413, row.errorBody('request_too_large', 'prompt is too long')));
    const passage = await pass(gateway, row, first.url);

    expectNobodyElseAsked(passage, 413);
    expect(passage.firstCoolsMs).toBe(0);
  });
});
