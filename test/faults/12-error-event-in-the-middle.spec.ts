import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimsEnd, streamingRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectNobodyElseAsked, pass } from '../support/passage.js';
import { openSse, sse, type Script } from '../support/script.js';

const idleMs = 400;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { STREAM_IDLE_TIMEOUT_MS: String(idleMs) } });
});
afterAll(() => gateway.end());

const endings: readonly (readonly [string, (events: readonly string[]) => Script])[] = [
  ['then the end', (events) => sse(events)],
  ['then a reset', (events) => openSse(events).wait(30).reset()],
  ['then FIN', (events) => openSse(events).close()],
  ['then silence', (events) => openSse(events).stall()],
];
const cases = endings.flatMap(([how, script]) => streamingRows.map((row) => ({ row, script, title: `${how}, ${row.dialect}` })));

describe('an error event in the middle of a stream', () => {
  it.concurrent.each(cases)('reaches the client once, ends the stream, and nothing is repeated: $title', async ({ row, script }) => {
    const sent = [...row.events('first').slice(0, row.announcements + 3), row.errorEvent('overloaded_error', 'Overloaded')];
    const first = await gateway.upstream(script(sent));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text: sent.join('') });
    expect(claimsEnd(row, passage.answer.text)).toBe(false);
    expectNobodyElseAsked(passage, 502);
    expect(passage.records[0]?.message).toContain('stream broken');
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(streamingRows)('ends the stream at once, although the upstream keeps it open, also when all came in one piece: $title', async (row) => {
    const sent = [...row.events('first').slice(0, row.announcements + 3), row.errorEvent('overloaded_error', 'Overloaded')].join('');
    const first = await gateway.upstream(openSse([sent]).stall());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text: sent });
    expect(passage.answer.tookMs).toBeLessThan(idleMs / 2);
    expectNobodyElseAsked(passage, 502);
  });
});
