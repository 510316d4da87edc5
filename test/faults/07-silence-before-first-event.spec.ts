import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { streamingRows, wholeRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectNobodyElseAsked, expectOwnAnswer, expectSecondServed, expectToldBroken, pass } from '../support/passage.js';
import { head, openSse, type Script } from '../support/script.js';

const firstEventMs = 300;
const responseMs = 450;
const idleMs = 250;
const graceMs = 200;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: {
      FIRST_EVENT_TIMEOUT_MS: String(firstEventMs),
      STREAM_IDLE_TIMEOUT_MS: String(idleMs),
      RESPONSE_TIMEOUT_MS: String(responseMs),
    },
  });
});
afterAll(() => gateway.end());

/** Sends the same piece every 40 ms for far longer than the limit. */
const keepsSending = (piece: string, before: readonly string[] = []): Script =>
  Array.from({ length: 40 }).reduce<Script>((script) => script.wait(40).chunk(piece), openSse(before)).stall();

const silences: readonly (readonly [string, Script])[] = [
  ['headers and then nothing', openSse([]).stall()],
  ['half an event', openSse([]).chunk('data: {"type":').stall()],
  ['nothing but comments', keepsSending(': keep-alive\n\n')],
  ['nothing but blank lines', keepsSending('\n')],
  ['nothing but pings', keepsSending('event: ping\ndata: {"type": "ping"}\n\n')],
];
const cases = silences.flatMap(([what, script]) => streamingRows.map((row) => ({ row, script, title: `${what}, ${row.dialect}` })));

describe('a stream that brings nothing meaningful', () => {
  it.each(cases)('passes the request on to another channel after the limit: $title', async ({ row, script }) => {
    const first = await gateway.upstream(script);

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 504);
    expect(passage.answer.tookMs).toBeGreaterThanOrEqual(firstEventMs - 10);
    expect(passage.answer.tookMs).toBeLessThanOrEqual(firstEventMs + graceMs);
    expectAboutASecond(passage.firstCoolsMs);
    await first.hungUp(0);
  });

  it.each(streamingRows)('gives 504 in the dialect when there is no other channel: $title', async (row) => {
    const { model } = await gateway.serve((await gateway.upstream(openSse([]).stall())).url);
    const answer = await call(gateway, row, model);
    expectOwnAnswer(row, answer, 504);
    expect(answer.tookMs).toBeLessThanOrEqual(firstEventMs + graceMs);
  });
});

describe('a stream that announces itself and then brings nothing meaningful', () => {
  const comment = ': keep-alive\n\n';
  const announcing = streamingRows.filter((row) => row.announcements > 0);
  const announced = announcing.flatMap((row) => [
    { row, script: (events: readonly string[]) => openSse(events).stall(), title: `silence, ${row.dialect}` },
    { row, script: (events: readonly string[]) => keepsSending(comment, events), title: `comments, ${row.dialect}` },
  ]);

  it.each(announced)('is let through when the first limit ends, and ended when the idle limit does: $title', async ({ row, script }) => {
    const announcements = row.events('first').slice(0, row.announcements).filter((event) => !event.startsWith('event: ping'));
    const first = await gateway.upstream(script(announcements));

    const passage = await pass(gateway, row, first.url);

    const withoutComments = passage.answer.text.replaceAll(comment, '');
    expectToldBroken(row, { ...passage.answer, text: withoutComments }, announcements.join(''));
    expect(passage.answer.tookMs).toBeLessThanOrEqual(firstEventMs + idleMs + graceMs);
    expectNobodyElseAsked(passage, 504);
    await first.hungUp(0);
  });
});

describe('an answer that stops after its headers', () => {
  it.each(wholeRows)('passes the request on to another channel after the limit: $title', async (row) => {
    const first = await gateway.upstream(head(200, [['content-type', 'application/json'], ['content-length', '500']]).stall());

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 504);
    expect(passage.answer.tookMs).toBeLessThanOrEqual(responseMs + graceMs);
  });
});
