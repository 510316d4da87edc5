import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamingRows, wholeRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectNobodyElseAsked, expectSecondServed, expectToldBroken, pass } from '../support/passage.js';
import { chunkedHead, head, sse } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const jsonType = ['content-type', 'application/json'] as const;

describe('a stream that ends cleanly without its terminal event', () => {
  it.concurrent.each(streamingRows)('is a broken one, whatever HTTP says: $title', async (row) => {
    const sent = row.events('first').slice(0, -row.endings);
    const first = await gateway.upstream(sse(sent));

    const passage = await pass(gateway, row, first.url);

    expectToldBroken(row, passage.answer, sent.join(''));
    expectNobodyElseAsked(passage, 502);
    expect(passage.records[0]?.message).toContain('stream broken');
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(streamingRows)('is a broken one also when the body had no length at all: $title', async (row) => {
    const sent = row.events('first').slice(0, -row.endings).join('');
    const first = await gateway.upstream(head(200, [['content-type', 'text/event-stream'], ['connection', 'close']]).raw(sent).close());

    const passage = await pass(gateway, row, first.url);

    expectToldBroken(row, passage.answer, sent);
    expectNobodyElseAsked(passage, 502);
  });

  it.concurrent.each(streamingRows)('passes the request on when it brought announcements only: $title', async (row) => {
    const first = await gateway.upstream(sse(row.events('first').slice(0, row.announcements)));
    const passage = await pass(gateway, row, first.url);
    expectSecondServed(row, passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(streamingRows)('passes the request on when it brought comments only: $title', async (row) => {
    const first = await gateway.upstream(sse([': hello\n\n', ': bye\n\n']));
    expectSecondServed(row, await pass(gateway, row, first.url), 502);
  });
});

describe('a whole answer whose JSON stops short although HTTP ends it properly', () => {
  it.concurrent.each(wholeRows)('does not pass for a whole one: $title', async (row) => {
    const sent = Buffer.from(row.body('first'.repeat(200))).subarray(0, -20);
    const first = await gateway.upstream(chunkedHead(200, [jsonType]).chunk(sent).wait(50).lastChunk());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expectNobodyElseAsked(passage, 502);
  });
});
