import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin } from '../support/call.js';
import { streamingRows } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openSse } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('streaming', () => {
  it.each(streamingRows)('hands each event on before the upstream sends the next: $title', async (row) => {
    const events = row.events('live');
    const gates = events.map(() => newGate());
    const script = events.reduce((so, event, index) => so.after(gates[index]?.opened ?? Promise.resolve()).chunk(event), openSse([]));
    const upstream = await gateway.upstream(script.lastChunk());
    const { model } = await gateway.serve(upstream.url);

    const exchange = begin(gateway, row, model);
    for (const [index, event] of events.entries()) {
      gates[index]?.open();
      // Announcements are held back until the answer proves itself, so nothing can be expected of them alone.
      if (index >= row.announcements) await exchange.holds(event);
    }

    expect(await exchange.answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('live') });
  });

  it.each(streamingRows)('holds the head and the announcements back until the answer proves itself: $title', async (row) => {
    const gate = newGate();
    const events = row.events('held');
    const first = events.slice(0, row.announcements);
    const rest = events.slice(row.announcements);
    const script = rest.reduce((so, event) => so.chunk(event), openSse([': comment\n\n', ...first]).after(gate.opened));
    const upstream = await gateway.upstream(script.lastChunk());
    const { model } = await gateway.serve(upstream.url);

    const exchange = begin(gateway, row, model);
    await upstream.received(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const before = exchange.received();
    gate.open();
    const answer = await exchange.answer;

    expect(before.headerLines).toEqual([]);
    expect(answer).toMatchObject({ status: 200, isComplete: true, text: `: comment\n\n${row.answerText('held')}` });
  });
});
