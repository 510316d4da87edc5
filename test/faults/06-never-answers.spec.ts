import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { silence } from '../support/script.js';

const firstEventMs = 300;
const responseMs = 450;
/** What the design allows on top of a limit. */
const graceMs = 200;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { FIRST_EVENT_TIMEOUT_MS: String(firstEventMs), RESPONSE_TIMEOUT_MS: String(responseMs) },
  });
});
afterAll(() => gateway.end());

describe('a channel that takes the request and never answers', () => {
  it.each(rows)('passes the request on to another channel after the limit: $title', async (row) => {
    const first = await gateway.upstream(silence());

    const passage = await pass(gateway, row, first.url);

    const limitMs = row.streaming ? firstEventMs : responseMs;
    expectSecondServed(row, passage, 504);
    expect(passage.answer.tookMs).toBeGreaterThanOrEqual(limitMs - 10);
    expect(passage.answer.tookMs).toBeLessThanOrEqual(limitMs + graceMs);
    expectAboutASecond(passage.firstCoolsMs);
    await first.hungUp(0);
  });

  it.each(rows)('gives 504 in the dialect when there is no other, within the limit and 200 ms: $title', async (row) => {
    const only = await gateway.upstream(silence());
    const { model } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);

    expectOwnAnswer(row, answer, 504);
    expect(answer.text).toContain('No channel could answer; the last one failed: timeout: ');
    expect(answer.tookMs).toBeLessThanOrEqual((row.streaming ? firstEventMs : responseMs) + graceMs);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: 504 }]);
  });
});
