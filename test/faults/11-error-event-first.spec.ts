import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { streamingRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { openSse, sse } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const cases = streamingRows.flatMap((row) => row.disguises.map(([type, status]) => ({ row, type, status, title: `${type} is ${status}, ${row.dialect}` })));

describe('an error event before anything meaningful', () => {
  it.concurrent.each(cases)('passes the request on to another channel: $title', async ({ row, type, status }) => {
    const first = await gateway.upstream(sse([row.errorEvent(type, 'no')]));
    expectSecondServed(row, await pass(gateway, row, first.url), status);
  });

  it.concurrent.each(cases)('does so after the announcements, too, and when the stream stays open: $title', async ({ row, type, status }) => {
    const announcements = row.events('first').slice(0, row.announcements);
    const first = await gateway.upstream(openSse([': hi\n\n', ...announcements, row.errorEvent(type, 'no')]).stall());

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, status);
    await first.hungUp(0);
  });

  it.concurrent.each(cases)('becomes an answer with its status when there is no other channel: $title', async ({ row, type, status }) => {
    const only = await gateway.upstream(sse([...row.events('first').slice(0, row.announcements), row.errorEvent(type, 'no')]));
    const { model } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);

    expectOwnAnswer(row, answer, status);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: status }]);
  });
});
