import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelKey } from '../support/admin-client.js';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectNobodyElseAsked, expectSecondServed, pass } from '../support/passage.js';
import { json } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const fiveMinutesMs = 300_000;

/** Five minutes, give or take the jitter of a tenth. */
const expectFiveMinutes = (ms: number): void => {
  expect(ms).toBeGreaterThan(fiveMinutesMs * 0.89);
  expect(ms).toBeLessThanOrEqual(fiveMinutesMs * 1.1);
};

describe('a refused key', () => {
  it.concurrent.each(rows)('passes the request on to another channel and cools the channel for five minutes: $title', async (row) => {
    const first = await gateway.upstream(json(401, row.errorBody('authentication_error', `invalid key ${channelKey}`)));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 401);
    expectFiveMinutes(passage.firstCoolsMs);
    expect(JSON.stringify(passage.records)).not.toContain(channelKey);
  });

  it.concurrent.each(rows)('reaches the client unchanged when there is no other channel: $title', async (row) => {
    const body = row.errorBody('authentication_error', 'invalid x-api-key');
    const only = await gateway.upstream(json(401, body));
    const { model } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 401, isComplete: true, text: body });
  });

  const row = rowFor('anthropic', false);

  it.concurrent.each([
    [402, 'billing_error', 'Payment required'],
    [403, 'permission_error', 'Your account is not allowed to do this'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'],
    [403, 'insufficient_quota', 'You exceeded your current quota, please check your plan and billing details.'],
  ])('looks like %d %s as well: %s', async (status, type, message) => {
    const first = await gateway.upstream(json(status, row.errorBody(type, message)));
    const passage = await pass(gateway, row, first.url);
    expectSecondServed(row, passage, status);
    expectFiveMinutes(passage.firstCoolsMs);
  });

  it('is not what a 400 about something else is', async () => {
    const first = await gateway.upstream(json(400, row.errorBody('invalid_request_error', 'messages: must not be empty')));
    const passage = await pass(gateway, row, first.url);
    expectNobodyElseAsked(passage, 400);
    expect(passage.firstCoolsMs).toBe(0);
  });
});

describe('a model that the channel does not know', () => {
  it.concurrent.each(rows)('passes the request on to another channel; the channel keeps its other models: $title', async (row) => {
    const first = await gateway.upstream(json(404, row.errorBody('not_found_error', 'model: claude-nine')), row.answers('first'));
    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 404);
    expect(passage.firstCoolsMs).toBe(0);
    expect((await call(gateway, row, passage.model)).text).toBe(row.answerText('second'));
    expect(first.requests).toHaveLength(1);
  });

  it('is not what any other 404 is', async () => {
    const row = rowFor('openai', false);
    const first = await gateway.upstream(json(404, row.errorBody('invalid_request_error', 'Unknown request URL')));
    expectNobodyElseAsked(await pass(gateway, row, first.url), 404);
  });
});
