import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamingRows, wholeRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectNobodyElseAsked, expectToldBroken, pass } from '../support/passage.js';
import { chunkedHead, openSse, sse, type Script } from '../support/script.js';

const idleMs = 300;
const responseMs = 450;
const graceMs = 200;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: { STREAM_IDLE_TIMEOUT_MS: String(idleMs), RESPONSE_TIMEOUT_MS: String(responseMs) },
  });
});
afterAll(() => gateway.end());

describe('a stream that falls silent in its middle', () => {
  it.each(streamingRows)('ends after the idle limit with the truth: $title', async (row) => {
    const sent = row.events('first').slice(0, row.announcements + 3);
    const first = await gateway.upstream(openSse(sent).stall());

    const passage = await pass(gateway, row, first.url);

    expectToldBroken(row, passage.answer, sent.join(''));
    expect(passage.answer.tookMs).toBeGreaterThanOrEqual(idleMs - 10);
    expect(passage.answer.tookMs).toBeLessThanOrEqual(idleMs + graceMs);
    expectNobodyElseAsked(passage, 504);
    expectAboutASecond(passage.firstCoolsMs);
    await first.hungUp(0);
  });

  it.each(streamingRows)('is not kept alive by comments: $title', async (row) => {
    const sent = row.events('first').slice(0, row.announcements + 3);
    const comment = ': still here\n\n';
    const script = Array.from({ length: 40 }).reduce<Script>((so) => so.wait(40).chunk(comment), openSse(sent));
    const first = await gateway.upstream(script.stall());

    const passage = await pass(gateway, row, first.url);

    const [before = '', after = ''] = passage.answer.text.split(sent.join(''));
    expect(before).toBe('');
    expectToldBroken(row, { ...passage.answer, text: sent.join('') + after.replaceAll(comment, '') }, sent.join(''));
    expect(passage.answer.tookMs).toBeLessThanOrEqual(idleMs + graceMs);
    expectNobodyElseAsked(passage, 504);
  });

  it.each(streamingRows)('may be slow as long as its events keep coming: $title', async (row) => {
    const first = await gateway.upstream(sse(row.events('first'), { gapMs: 120 }));
    const passage = await pass(gateway, row, first.url);
    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('first') });
    expectNobodyElseAsked(passage, 200);
  });
});

/** The events one by one, the gap between them shorter than the idle limit and two gaps longer. */
const slowly = (coding: string, events: readonly Buffer[]): Script =>
  events
    .reduce((script, event) => script.wait(200).chunk(event), chunkedHead(200, [['content-type', 'text/event-stream'], ['content-encoding', coding]]))
    .lastChunk();

describe('a slow stream with a coding', () => {
  it.each(streamingRows)('goes on while its events keep coming: $title', async (row) => {
    const first = await gateway.upstream(slowly('gzip', row.events('first').map((event) => gzipSync(event))));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true });
    expectNobodyElseAsked(passage, 200);
  });

  it.each(streamingRows)('that is not known goes on while its bytes keep coming: $title', async (row) => {
    const first = await gateway.upstream(slowly('dcz', row.events('first').map((event) => Buffer.from(event))));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true });
    expectNobodyElseAsked(passage, 200);
  });

  it.each(streamingRows)('ends after the idle limit when they do not: $title', async (row) => {
    const events = row.events('first').slice(0, row.announcements + 3).map((event) => gzipSync(event));
    const script = events.reduce((so, event) => so.chunk(event), chunkedHead(200, [['content-type', 'text/event-stream'], ['content-encoding', 'gzip']]));
    const first = await gateway.upstream(script.stall());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expect(passage.answer.tookMs).toBeLessThanOrEqual(idleMs + graceMs);
    expectNobodyElseAsked(passage, 504);
  });
});

describe('a stream that has said its last word', () => {
  it.each(streamingRows)('is whole although the upstream never closes it: $title', async (row) => {
    const first = await gateway.upstream(openSse(row.events('first')).stall());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('first') });
    expectNobodyElseAsked(passage, 200);
    expect(passage.firstCoolsMs).toBe(0);
    await first.hungUp(0);
  });
});

describe('a whole answer that falls silent in its middle', () => {
  it.each(wholeRows)('ends after the response limit with a torn connection: $title', async (row) => {
    const sent = Buffer.from(row.body('first'.repeat(200))).subarray(0, -20);
    const first = await gateway.upstream(chunkedHead(200, [['content-type', 'application/json']]).chunk(sent).stall());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expect(passage.answer.tookMs).toBeLessThanOrEqual(responseMs + graceMs);
    expectNobodyElseAsked(passage, 504);
    await first.hungUp(0);
  });
});
