import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectSecondServed, pass } from '../support/passage.js';
import { html, json, reply } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const cases = rows.flatMap((row) => [500, 529].map((status) => ({ row, status, title: `${status}, ${row.title}` })));

describe('a server error', () => {
  it.concurrent.each(cases)('passes the request on to another channel and cools the channel for a second: $title', async ({ row, status }) => {
    const first = await gateway.upstream(json(status, row.errorBody('overloaded_error', 'Overloaded')));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, status);
    expect(first.requests).toHaveLength(1);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(cases)('reaches the client unchanged when there is no other channel: $title', async ({ row, status }) => {
    const body = row.errorBody('overloaded_error', 'Overloaded');
    const only = await gateway.upstream(json(status, body, [['x-upstream', 'yes']]));
    const { model } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status, isComplete: true, text: body });
    expect(answer.header('x-upstream')).toBe('yes');
    expect(only.requests).toHaveLength(1);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: status }]);
  });

  const row = rowFor('openai', true);

  it.concurrent.each([501, 502, 503, 504, 520, 522, 524, 527, 530, 599])('of any number counts: %d', async (status) => {
    const first = await gateway.upstream(html(status));
    expectSecondServed(row, await pass(gateway, row, first.url), status);
  });

  it.concurrent.each([408, 425])('so do the requests to come later: %d', async (status) => {
    const first = await gateway.upstream(json(status, '{}'));
    const passage = await pass(gateway, row, first.url);
    expectSecondServed(row, passage, status);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it('is understood without a body', async () => {
    const first = await gateway.upstream(reply(503, []));
    expectSecondServed(row, await pass(gateway, row, first.url), 503);
  });

  it('may name the time to wait', async () => {
    const first = await gateway.upstream(json(503, '{}', [['Retry-After', '20']]));
    const passage = await pass(gateway, row, first.url);
    expect(passage.firstCoolsMs).toBeGreaterThan(18_000);
    expect(passage.firstCoolsMs).toBeLessThanOrEqual(20_000);
  });
});
