import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin } from '../support/call.js';
import { rowFor, streamingRows } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { gatedSse } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ preload: new URL('../support/throwing-request.mjs', import.meta.url) });
});
afterAll(() => gateway.end());

const quick = rowFor('anthropic', false);
const marks = { now: 'a bug of the test: now', later: 'a bug of the test: later', promise: 'a bug of the test: promise' };

describe.each(streamingRows)('a stream under way, $title', (row) => {
  it.each(['now', 'later', 'promise'] as const)('goes on to its end when a bug throws in another request (%s)', async (how) => {
    const gate = newGate();
    const events = row.events('x');
    const upstream = await gateway.upstream(gatedSse(events, Math.ceil(events.length / 2), gate));
    const { model } = await gateway.serve(upstream.url);
    const stream = begin(gateway, row, model);
    await stream.begun();
    const written = gateway.process.output.length;

    const buggy = begin(gateway, quick, gateway.newModel(), [['x-test-bug', how]]);
    const answer = await buggy.answer;
    await until('the bug in the log', () => (gateway.process.output.slice(written).includes(marks[how]) ? true : undefined));
    gate.open();

    expect(await stream.answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('x') });
    expect(answer.status).toBe(how === 'now' ? 500 : 503);
    expect(gateway.process.hasExited).toBe(false);
  });
});
