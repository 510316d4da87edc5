import { afterEach, describe, expect, it } from '@jest/globals';
import { AdminClient } from '../support/admin-client.js';
import { begin, call } from '../support/call.js';
import { send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import { closedPort } from '../support/fake-upstream.js';
import { adminPassword, entryFile, Gateway, spawnGateway, startGateway } from '../support/gateway.js';
import { newGate } from '../support/gate.js';
import { gatedSse } from '../support/script.js';
import { until } from '../support/until.js';

const gateways: Gateway[] = [];
/** `end` fails unless a SIGTERM, which the log tells of, ends the gateway with 0. */
const endAll = async (): Promise<void> => {
  for (const gateway of gateways.splice(0)) await gateway.end();
};
afterEach(endAll);

const adopt = (gateway: Gateway): Gateway => {
  gateways.push(gateway);
  return gateway;
};

const whole = rowFor('anthropic', false);
const streaming = rowFor('anthropic', true);
const preload = new URL('../support/throwing-request.mjs', import.meta.url);

/** Makes a line of the log at once, before the answer comes. */
const callThatIsLogged = (gateway: Gateway) => call(gateway, whole, gateway.newModel(), [['x-test-bug', 'now']]);

describe.each([1, 2])('a log that nobody reads any more, with %i relaying', (workers) => {
  it('loses its lines; a stream under way ends whole, and so does the program', async () => {
    const gateway = adopt(await startGateway({ preload, env: { CCLOAD_WORKERS: String(workers) } }));
    const gate = newGate();
    const events = streaming.events('x');
    const upstream = await gateway.upstream(gatedSse(events, Math.ceil(events.length / 2), gate));
    const { model } = await gateway.serve(upstream.url);
    const stream = begin(gateway, streaming, model);
    await stream.begun();

    gateway.process.stopReading();
    for (let time = 0; time < 3; time += 1) expect((await callThatIsLogged(gateway)).status).toBe(500);
    gate.open();

    expect(await stream.answer).toMatchObject({ status: 200, isComplete: true, text: streaming.answerText('x') });
    await endAll();
  });
});

describe('a log on a disk that is full', () => {
  it('keeps the gateway neither from starting nor from relaying nor from ending', async () => {
    const port = await closedPort();
    const command = ['sh', '-c', 'exec "$@" > /dev/full 2>&1', 'sh', process.execPath, '--import', preload.href, entryFile] as const;
    const started = spawnGateway({ command, env: { PORT: String(port) } });
    const isUp = until('the gateway to answer', async () => (await send(port, { method: 'GET', path: '/health' })).status === 200 || undefined, 10_000);
    await isUp.catch((error: unknown) => {
      started.signal('SIGKILL');
      throw error;
    });
    const gateway = adopt(new Gateway(started, port, await AdminClient.login(port, adminPassword)));
    const upstream = await gateway.upstreamThat(() => whole.answers('served'));
    const { model } = await gateway.serve(upstream.url);

    expect((await callThatIsLogged(gateway)).status).toBe(500);
    expect(await call(gateway, whole, model)).toMatchObject({ status: 200, isComplete: true });
    await endAll();
  });
});
