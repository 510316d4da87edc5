import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json, type Script } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const chat = rowFor('openai', false);
const refusal = (status: number, type: string, headers: readonly (readonly [string, string])[] = []): Script =>
  json(status, chat.errorBody(type, `status ${status}`), headers);

describe('when the first channel fails before it answered', () => {
  it.each(rows)('the client gets the whole answer of the second: $title', async (row) => {
    const first = await gateway.upstream(json(500, row.errorBody('api_error', 'boom')));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('second') });
    expect(second.requests.map(({ target, body }) => [target, body.toString()])).toEqual([[row.path, row.request(model)]]);
    expect(first.requests.map(({ body }) => body.toString())).toEqual([row.request(model)]);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([
      { attempt: 1, final: false, channel_id: ids[0], status_code: 500 },
      { attempt: 2, final: true, channel_id: ids[1], status_code: 200 },
    ]);
  });

  it('each further channel is tried once, in order of priority', async () => {
    const failing = [await gateway.upstream(refusal(500, 'server_error')), await gateway.upstream(refusal(503, 'server_error'))];
    const dead = await closedPortUrl();
    const healthy = await gateway.upstream(chat.answers('last'));
    const { model, ids } = await gateway.serve(...failing.map((upstream) => upstream.url), dead, healthy.url);

    const answer = await call(gateway, chat, model);

    expect(answer).toMatchObject({ status: 200, text: chat.answerText('last') });
    expect(answer.header('x-ccload-attempts')).toBe('4');
    expect(failing.map((upstream) => upstream.requests.length)).toEqual([1, 1]);
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records.map((record) => [record.channel_id, record.status_code])).toEqual([
      [ids[0], 500],
      [ids[1], 503],
      [ids[2], 502],
      [ids[3], 200],
    ]);
  });
});

describe('a failure that every channel would have', () => {
  it.each([400, 405, 409, 413, 422, 418])('is relayed unchanged and nobody else is asked: %d', async (status) => {
    const first = await gateway.upstream(refusal(status, 'invalid_request_error'));
    const second = await gateway.upstream(chat.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, chat, model);

    expect(answer).toMatchObject({ status, isComplete: true, text: chat.errorBody('invalid_request_error', `status ${status}`) });
    expect(second.requests).toEqual([]);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
  });
});

describe('when all channels fail the client gets the most telling answer', () => {
  it('a rate limit with its Retry-After before a server error', async () => {
    const first = await gateway.upstream(refusal(429, 'rate_limit_exceeded', [['Retry-After', '17']]));
    const second = await gateway.upstream(refusal(500, 'server_error'));
    const { model } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, chat, model);

    expect(answer).toMatchObject({ status: 429, text: chat.errorBody('rate_limit_exceeded', 'status 429') });
    expect(answer.header('retry-after')).toBe('17');
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records.filter((record) => record.final)).toHaveLength(1);
  });

  it('a client error before everything else', async () => {
    const first = await gateway.upstream(refusal(429, 'rate_limit_exceeded'));
    const second = await gateway.upstream(refusal(400, 'invalid_request_error'));
    const { model } = await gateway.serve(first.url, second.url);

    expect(await call(gateway, chat, model)).toMatchObject({ status: 400 });
  });

  it('the last real answer before an answer of the gateway', async () => {
    const first = await gateway.upstream(refusal(503, 'server_error'));
    const { model } = await gateway.serve(first.url, await closedPortUrl());

    expect(await call(gateway, chat, model)).toMatchObject({ status: 503, text: chat.errorBody('server_error', 'status 503') });
  });
});
