import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient } from '../support/admin-client.js';
import { begin, call } from '../support/call.js';
import { send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { adminPassword, startGateway, type Gateway } from '../support/gateway.js';
import { describePostgres, newServerDatabase } from '../support/postgres-server.js';
import { json, silence } from '../support/script.js';
import { until } from '../support/until.js';

const row = rowFor('anthropic', false);
/** What is promised is a second; a busy machine may take longer, and what it took is printed. */
const patienceMs = 15_000;

let replicas: readonly Gateway[] = [];
const replica = (index: number): Gateway => {
  const found = replicas[index];
  if (found === undefined) throw new Error(`there is no replica ${index}`);
  return found;
};

const delays: { readonly what: string; readonly ms: number }[] = [];

/** How long it took until every replica saw it. */
const seenByAll = async (what: string, look: (gateway: Gateway) => Promise<boolean>): Promise<void> => {
  const from = performance.now();
  await Promise.all(replicas.map((gateway) => until(`${what} at ${gateway.url}`, async () => ((await look(gateway)) ? true : undefined), patienceMs)));
  delays.push({ what, ms: Math.round(performance.now() - from) });
};

const coolsAt = async (gateway: Gateway, id: number | undefined): Promise<boolean> => ((await gateway.channel(id)).cooldown_remaining_ms ?? 0) > 0;
const isServedBy = (gateway: Gateway, model: string, text: string): Promise<boolean> => call(gateway, row, model).then((answer) => answer.text === row.answerText(text));

describePostgres('what happens at one of three replicas', () => {
  beforeAll(async () => {
    const env = { DATABASE_URL: await newServerDatabase() };
    replicas = await Promise.all([0, 1, 2].map(() => startGateway({ env })));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(replicas.map((gateway) => gateway.end()));
    process.stderr.write(`seen by all replicas:\n${delays.map(({ what, ms }) => `  ${what}: ${ms} ms`).join('\n')}\n`);
  }, 60_000);

  it('is served by all: a new channel, its end, and its return', async () => {
    const upstream = await replica(0).upstream(row.answers('only'));
    const model = replica(0).newModel();
    const id = await replica(0).admin.addChannel({ url: upstream.url, models: [model] });
    await seenByAll('the channel', async (gateway) => (await call(gateway, row, model)).status === 200);
    await replica(1).admin.updateChannel(id, { enabled: false });
    await seenByAll('the end of the channel', async (gateway) => (await call(gateway, row, model)).status !== 200);
    await replica(2).admin.updateChannel(id, { enabled: true });
    await seenByAll('the channel again', async (gateway) => (await call(gateway, row, model)).status === 200);
  });

  it('keeps all from a channel that has failed there', async () => {
    const failing = await replica(0).upstream(json(500, row.errorBody('api_error', 'boom')));
    const healthy = await replica(0).upstream(row.answers('healthy'));
    const { model, ids } = await replica(0).serve(failing.url, healthy.url);
    await seenByAll('both channels', async (gateway) => (await gateway.admin.channels()).filter(({ id }) => ids.includes(id)).length === 2);
    await call(replica(0), row, model);
    await seenByAll('the cooldown', (gateway) => coolsAt(gateway, ids[0]));
    const before = failing.requests.length;
    await call(replica(1), row, model);
    await call(replica(2), row, model);
    expect(failing.requests).toHaveLength(before);
  });

  it("is in force at all: the operator's cooldown, and its end", async () => {
    const upstream = await replica(0).upstream(row.answers('only'));
    const { ids } = await replica(0).serve(upstream.url);
    const [id] = ids;
    await seenByAll('the channel', async (gateway) => (await gateway.admin.channels()).some((channel) => channel.id === id));
    await replica(1).admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 600_000 });
    await seenByAll('the cooldown', (gateway) => coolsAt(gateway, id));
    await replica(2).admin.request('DELETE', `/admin/channels/${id}/cooldown`);
    await seenByAll('its end', async (gateway) => !(await coolsAt(gateway, id)));
  });

  it('is the one probe of a channel that was cooling, and opens it for all', async () => {
    const gate = newGate();
    const probed = await replica(0).upstreamThat(() => silence().after(gate.opened).followedBy(row.answers('probed')));
    const other = await replica(0).upstream(row.answers('other'));
    const { model, ids } = await replica(0).serve(probed.url, other.url);
    await seenByAll('both channels', async (gateway) => (await gateway.admin.channels()).filter(({ id }) => ids.includes(id)).length === 2);
    await replica(0).admin.request('POST', `/admin/channels/${ids[0]}/cooldown`, { duration_ms: 1_000 });
    await seenByAll('the cooldown', (gateway) => coolsAt(gateway, ids[0]));
    await sleep(1_100);
    const probe = begin(replica(0), row, model, [], 60_000);
    await until('the probe', () => (probed.requests.length > 0 ? true : undefined));
    await sleep(1_000);
    for (const gateway of [replica(1), replica(2)]) expect((await call(gateway, row, model)).text).toBe(row.answerText('other'));
    expect(probed.requests).toHaveLength(1);
    gate.open();
    expect((await probe.answer).text).toBe(row.answerText('probed'));
    await seenByAll('the channel that works again', (gateway) => isServedBy(gateway, model, 'probed'));
  });

  it('is known to all: who has logged in, and out', async () => {
    const admin = await AdminClient.login(replica(0).port, adminPassword);
    const isIn = async (gateway: Gateway): Promise<boolean> =>
      (await send(gateway.port, { method: 'GET', path: '/admin/channels', headers: [['cookie', admin.sessionCookie]] })).status === 200;
    await seenByAll('the login', isIn);
    await send(replica(1).port, { path: '/logout', headers: [['cookie', admin.sessionCookie], ['content-type', 'application/json']], body: '{}' });
    await seenByAll('the logout', async (gateway) => !(await isIn(gateway)));
  });

  it('is where a session is served at all of them, and its log', async () => {
    const model = replica(0).newModel();
    for (const name of ['a', 'b', 'c', 'd']) await replica(0).admin.addChannel({ url: (await replica(0).upstream(row.answers(name))).url, models: [model] });
    await seenByAll('four channels', async (gateway) => (await gateway.admin.request('GET', '/admin/channels')).text.split(`"${model}"`).length > 4);
    const used = new Set<string | undefined>();
    for (let session = 0; session < 20; session += 1) {
      const channels = await Promise.all(replicas.map(async (gateway) => (await call(gateway, row, model, [['session-id', `session ${session}`]])).header('x-ccload-channel')));
      expect(new Set(channels).size).toBe(1);
      used.add(channels[0]);
    }
    expect(used.size).toBeGreaterThan(1);
    await seenByAll('60 rows', async (gateway) => (await gateway.admin.logRows(`model=${model}&limit=100`)).length === 60);
  });
});
