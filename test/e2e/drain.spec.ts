import { afterEach, describe, expect, it } from '@jest/globals';
import { begin, call } from '../support/call.js';
import { send } from '../support/client.js';
import { rowFor, shapeProblem } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openSse } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway | undefined;
afterEach(async () => {
  gateway?.process.signal('SIGKILL');
  await gateway?.process.exitCode();
  await gateway?.end();
});

const row = rowFor('anthropic', true);
const events = row.events('running');
const begun = events.slice(0, row.announcements + 2);
const rest = events.slice(row.announcements + 2);

const becomesUnready = (port: number): Promise<true> =>
  until('/ready to turn 503', async () => ((await send(port, { method: 'GET', path: '/ready' })).status === 503 ? true : undefined));

describe('SIGTERM', () => {
  it('lets running streams finish, takes no new work, and ends with 0', async () => {
    const running = await startGateway();
    gateway = running;
    const gate = newGate();
    const upstream = await running.upstream(rest.reduce((so, event) => so.chunk(event), openSse(begun).after(gate.opened)).lastChunk());
    const { model } = await running.serve(upstream.url);
    const exchange = begin(running, row, model);
    await exchange.holds(begun.at(-1) ?? '');

    running.process.signal('SIGTERM');
    await becomesUnready(running.port);
    const refused = await call(running, row, model);
    const health = await send(running.port, { method: 'GET', path: '/health' });
    gate.open();
    const answer = await exchange.answer;
    const code = await running.process.exitCode();

    expect(refused.status).toBe(503);
    expect(shapeProblem(row.dialect, refused.text)).toBeUndefined();
    expect(health.status).toBe(200);
    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('running') });
    expect(upstream.requests).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('ends at once when nothing runs', async () => {
    const running = await startGateway();
    gateway = running;
    running.process.signal('SIGTERM');
    expect(await running.process.exitCode(3_000)).toBe(0);
  });

  it('ends at once when it comes a second time', async () => {
    const running = await startGateway();
    gateway = running;
    const { model } = await running.serve((await running.upstream(openSse(begun).stall())).url);
    const exchange = begin(running, row, model);
    await exchange.holds(begun.at(-1) ?? '');

    running.process.signal('SIGTERM');
    await becomesUnready(running.port);
    running.process.signal('SIGTERM');

    await running.process.exitCode(2_000);
    expect((await exchange.answer).isComplete).toBe(false);
  });

  it('gives up waiting for a stream after DRAIN_TIMEOUT_MS', async () => {
    const running = await startGateway({ env: { DRAIN_TIMEOUT_MS: '300' } });
    gateway = running;
    const { model } = await running.serve((await running.upstream(openSse(begun).stall())).url);
    const exchange = begin(running, row, model);
    await exchange.holds(begun.at(-1) ?? '');

    running.process.signal('SIGTERM');

    await running.process.exitCode(3_000);
    expect((await exchange.answer).text).not.toContain('message_stop');
  });
});
