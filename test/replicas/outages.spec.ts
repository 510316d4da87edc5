import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient } from '../support/admin-client.js';
import { begin, call } from '../support/call.js';
import type { Answer } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { adminPassword, Gateway, spawnGateway, startGateway } from '../support/gateway.js';
import { describePostgres, OwnServer } from '../support/postgres-server.js';
import { json, silence } from '../support/script.js';
import { until } from '../support/until.js';

const row = rowFor('anthropic', false);
const patienceMs = 30_000;

let server: OwnServer;
let replicas: Gateway[] = [];
let flaky: FakeUpstream;
let model = '';

const replica = (index: number): Gateway => {
  const found = replicas[index];
  if (found === undefined) throw new Error(`there is no replica ${index}`);
  return found;
};

/** Clients that ask the replicas they are given, one request after the other, until they are stopped. */
const traffic = (targets: readonly Gateway[]) => {
  const answers: Answer[] = [];
  let isStopped = false;
  const clients = targets.flatMap((gateway) => [gateway, gateway]).map(async (gateway, client) => {
    for (let request = 0; !isStopped; request += 1) {
      const session = request % 2 === 0 ? [] : [['session-id', `client ${client}`] as const];
      answers.push(await begin(gateway, row, model, session, patienceMs).answer);
    }
  });
  return {
    answers,
    stop: async (): Promise<readonly string[]> => {
      isStopped = true;
      await Promise.all(clients);
      return answers.filter(({ status, isComplete }) => status !== 200 || !isComplete).map(({ status, text }) => `${status} ${text}`);
    },
  };
};

const problemOf = async (gateway: Gateway): Promise<unknown> => {
  const answer = await gateway.admin.send({ method: 'GET', path: '/ready' });
  const { problem } = JSON.parse(answer.text) as { readonly problem?: string };
  return { status: answer.status, problem };
};
const isWell = { status: 200, problem: undefined };
const cannotBeReached = { status: 200, problem: 'nothing can be stored: the database server cannot be reached' };

const allWell = (): Promise<unknown> =>
  Promise.all(
    replicas.map((gateway) => until(`${gateway.url} to be well`, async () => (JSON.stringify(await problemOf(gateway)) === JSON.stringify(isWell) ? true : undefined), patienceMs)),
  );

/** Final rows in the log, as the first replica reads them. */
const rowsStored = async (): Promise<number> => {
  const answer = await replica(0).admin.send({ method: 'GET', path: `/admin/logs?model=${model}&limit=1&status=2xx` });
  return (JSON.parse(answer.text) as { readonly count: number }).count;
};

const untilRowsStored = (count: number): Promise<number> =>
  until(
    `${count} rows to be stored`,
    async () => {
      const stored = await rowsStored().catch(() => 0);
      return stored >= count ? stored : undefined;
    },
    patienceMs,
  );

const startReplica = (): Promise<Gateway> => startGateway({ env: { DATABASE_URL: server.url } });

describePostgres('three replicas under traffic', () => {
  beforeAll(async () => {
    server = await OwnServer.start();
    replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
  }, 60_000);
  afterAll(async () => {
    await server.resume().catch(() => undefined);
    await Promise.all(replicas.map((gateway) => gateway.end()));
    await server.stop();
  }, 60_000);

  /** One channel fails every third time, the other one never. */
  beforeEach(async () => {
    await allWell();
    model = `model-${Date.now()}`;
    let asked = 0;
    flaky = await replica(0).upstreamThat(() => ((asked += 1) % 3 === 0 ? json(500, row.errorBody('api_error', 'boom')) : row.answers('flaky')));
    const healthy = await replica(0).upstream(row.answers('healthy'));
    const ids: number[] = [];
    for (const { url } of [flaky, healthy]) ids.push(await replica(0).admin.addChannel({ url, models: [model] }));
    await Promise.all(
      replicas.map((gateway) => until('both channels', async () => ((await gateway.admin.channels()).filter(({ id }) => ids.includes(id)).length === 2 ? true : undefined), patienceMs)),
    );
    for (const gateway of replicas) expect((await call(gateway, row, model)).status).toBe(200);
  });

  describe('whose server', () => {
    it('crashes and comes back fail no request, and heal', async () => {
      const clients = traffic(replicas);
      await sleep(500);
      await server.restart('crash');
      await sleep(1_000);
      expect(await clients.stop()).toEqual([]);
      await allWell();
    }, 90_000);

    it('is ended and started again fail no request, and store every row once', async () => {
      const before = await untilRowsStored(3);
      const clients = traffic(replicas);
      await sleep(500);
      await server.restart('orderly');
      await sleep(1_500);
      expect(await clients.stop()).toEqual([]);
      await allWell();
      expect(await untilRowsStored(before + clients.answers.length)).toBe(before + clients.answers.length);
    }, 90_000);

    it('falls silent relay on from memory, say so, and heal', async () => {
      const clients = traffic(replicas);
      await sleep(300);
      await server.pause();
      expect(await Promise.all(replicas.map(problemOf))).toEqual(replicas.map(() => cannotBeReached));
      await sleep(2_000);
      const during = clients.answers.length;
      await sleep(500);
      expect(clients.answers.length).toBeGreaterThan(during);
      await server.resume();
      expect(await clients.stop()).toEqual([]);
      await allWell();
    }, 90_000);

    it('has been away hear of each other again', async () => {
      await server.restart('crash');
      await allWell();
      const [id] = (await replica(0).admin.channels()).map((channel) => channel.id).slice(-1);
      await until('a change to be taken', async () => ((await replica(1).admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 60_000 })).status === 200 ? true : undefined), patienceMs);
      for (const gateway of replicas) {
        await until(`the cooldown at ${gateway.url}`, async () => (((await gateway.channel(id)).cooldown_remaining_ms ?? 0) > 0 ? true : undefined), patienceMs);
      }
    }, 90_000);
  });

  describe('one of which', () => {
    it('is killed fail no request of the others, which soon make the probe that it cannot end', async () => {
      const probed = await replica(0).upstreamThat(() => silence());
      const probedModel = `probed-${Date.now()}`;
      const id = await replica(0).admin.addChannel({ url: probed.url, models: [probedModel] });
      await replica(0).admin.request('POST', `/admin/channels/${id}/cooldown`, { duration_ms: 4_000 });
      await sleep(4_200);
      const doomed = begin(replica(2), row, probedModel, [], patienceMs);
      await until('the probe', () => (probed.requests.length === 1 ? true : undefined));
      const clients = traffic(replicas.slice(0, 2));
      await sleep(1_000);
      expect((await call(replica(0), row, probedModel)).status).toBe(503);
      replica(2).process.signal('SIGKILL');
      await doomed.answer.catch(() => undefined);
      probed.answer(row.answers('probed'));
      const killedAt = Date.now();
      await until('another probe', async () => ((await call(replica(0), row, probedModel)).status === 200 ? true : undefined), patienceMs);
      process.stderr.write(`the channel was probed again ${Date.now() - killedAt} ms after its prober had been killed\n`);
      expect(await clients.stop()).toEqual([]);
      replicas[2] = await startReplica();
      await untilRowsStored(clients.answers.length);
    }, 90_000);

    it('stands still for a while fail no request, not even its own', async () => {
      const clients = traffic(replicas);
      await sleep(300);
      replica(1).process.signal('SIGSTOP');
      await sleep(4_000);
      const others = traffic([replica(0), replica(2)]);
      await sleep(1_000);
      expect(await others.stop()).toEqual([]);
      expect(others.answers.length).toBeGreaterThan(0);
      replica(1).process.signal('SIGCONT');
      await sleep(500);
      expect(await clients.stop()).toEqual([]);
      await allWell();
      await untilRowsStored(clients.answers.length + others.answers.length);
    }, 90_000);

    it('comes while others run joins them', async () => {
      const process = spawnGateway({ env: { DATABASE_URL: server.url } });
      const port = await process.port();
      const newcomer = new Gateway(process, port, await AdminClient.login(port, adminPassword));
      expect((await call(newcomer, row, model)).status).toBe(200);
      await newcomer.end();
    }, 60_000);
  });

  // The last one: the server does not come back.
  it('whose server is gone relay all the same, and let an operator log in and see why', async () => {
    await server.stop();
    await until('the trouble to be noticed', async () => (JSON.stringify(await problemOf(replica(0))) === JSON.stringify(cannotBeReached) ? true : undefined), patienceMs);
    expect((await call(replica(0), row, model)).status).toBe(200);
    const admin = await AdminClient.login(replica(0).port, adminPassword);
    await until('the health to say why', async () => ((await admin.request('GET', '/admin/health')).text.includes('"problem":"unreachable"') ? true : undefined), patienceMs);
    expect((await admin.request('POST', '/admin/channels', { name: 'x', url: flaky.url, api_key: 'sk-0123456789', models: ['x'] })).status).toBe(503);
    // They would wait for the server as long as they may, to store the last rows.
    for (const gateway of replicas) gateway.process.signal('SIGKILL');
    await Promise.all(replicas.map((gateway) => gateway.process.exitCode()));
  }, 60_000);
});
