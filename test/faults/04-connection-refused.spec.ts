import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { silence } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('a channel at which nobody listens', () => {
  it.concurrent.each(rows)('passes the request on to another channel and cools for a second: $title', async (row) => {
    const passage = await pass(gateway, row, await closedPortUrl());

    expectSecondServed(row, passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(rows)('gives 502 in the dialect when there is no other, and names no address: $title', async (row) => {
    const url = await closedPortUrl();
    const { model } = await gateway.serve(url);

    const answer = await call(gateway, row, model);

    expectOwnAnswer(row, answer, 502);
    expect(answer.text).not.toContain(url.slice('http://'.length));
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: 502 }]);
  });
});

describe('a connection that is closed before the answer', () => {
  const row = rowFor('anthropic', true);

  it.concurrent.each([
    ['by a reset', silence().reset()],
    ['by FIN', silence().close()],
    ['by a half-close', silence().halfClose()],
  ])('%s passes the request on to another channel', async (_how, script) => {
    const first = await gateway.upstream(script);

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
    expect(first.requests).toHaveLength(1);
  });
});

describe('a kept-alive connection that the upstream had let go', () => {
  it.concurrent.each(rows)('blames nobody: the same channel answers on a fresh one: $title', async (row) => {
    const first = await gateway.upstream(row.answers('first').dropNextRequest(), row.answers('again'));
    const { model, ids } = await gateway.serve(first.url);
    await call(gateway, row, model);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('again') });
    expect(answer.header('x-ccload-attempts')).toBe('1');
    expect(first.dropped).toBe(1);
    expect(first.requests.map(({ connection }) => connection)).toEqual([1, 2]);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records).toMatchObject([{ final: true, status_code: 200, channel_id: ids[0] }]);
  });
});
