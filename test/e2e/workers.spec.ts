import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin, call } from '../support/call.js';
import { send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import { newGate, type Gate } from '../support/gate.js';
import { spawnGateway, startGateway, type Gateway } from '../support/gateway.js';
import { gatedSse, json, type Script } from '../support/script.js';
import { until } from '../support/until.js';

const whole = rowFor('anthropic', false);
const streaming = rowFor('anthropic', true);
const events = streaming.events('running');
const begun = events.slice(0, streaming.announcements + 2);

const gatedStream = (gate: Gate): Script => gatedSse(events, begun.length, gate);

const workersOf = (gateway: Gateway): readonly number[] =>
  execFileSync('pgrep', ['-P', String(gateway.process.pid)], { encoding: 'utf8' }).trim().split('\n').map(Number);

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const metric = async (gateway: Gateway, name: string): Promise<number> => {
  const { text } = await send(gateway.port, { method: 'GET', path: '/metrics' });
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
};

/** Long enough for news to go round on a machine that has other things to do; 100 ms are promised on one that has not. */
const newsMs = 400;

describe('two workers behind one port', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: { CCLOAD_WORKERS: '2' } });
  });
  afterAll(() => gateway.end());

  it('are two processes, and the port is one', () => {
    expect(workersOf(gateway)).toHaveLength(2);
    expect(gateway.process.output.match(/listening on/g)).toHaveLength(1);
  });

  it('serve the channel that an operator has just made, and log every call once', async () => {
    const upstream = await gateway.upstreamThat(() => whole.answers('served'));
    const { model } = await gateway.serve(upstream.url);
    await pause(newsMs);
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(gateway, whole, model)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const rows = await until('20 rows', async () => {
      const found = await gateway.admin.logRows(`model=${model}&limit=100`);
      return found.length >= 20 ? found : undefined;
    });
    expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(20);
    expect(rows).toHaveLength(20);
  });

  it('turn one ring: whoever is asked next goes on where the other stopped', async () => {
    const upstreams = await Promise.all(['a', 'b'].map((name) => gateway.upstreamThat(() => whole.answers(name))));
    const model = gateway.newModel();
    for (const { url } of upstreams) await gateway.admin.addChannel({ url, models: [model], priority: 5 });
    const channels: (string | undefined)[] = [];
    for (let time = 0; time < 6; time += 1) {
      await pause(newsMs);
      channels.push((await call(gateway, whole, model)).header('x-ccload-channel'));
    }
    const [first, second] = channels;
    expect(first).not.toBe(second);
    expect(channels).toEqual([first, second, first, second, first, second]);
  });

  it('know of the channel that failed one of them', async () => {
    const failing = await gateway.upstreamThat(() => json(500, {}));
    const healthy = await gateway.upstreamThat(() => whole.answers('healthy'));
    const { model } = await gateway.serve(failing.url, healthy.url);
    await pause(newsMs);
    const answer = await call(gateway, whole, model);
    await pause(newsMs);
    const next = [await call(gateway, whole, model), await call(gateway, whole, model)];
    expect([answer, ...next].map((each) => each.header('x-ccload-attempts'))).toEqual(['2', '1', '1']);
    expect(failing.requests).toHaveLength(1);
  });

  it('go on at once when an operator ends a cooldown', async () => {
    const failing = await gateway.upstream(json(500, {}), whole.answers('mended'), whole.answers('mended'));
    const { model, ids } = await gateway.serve(failing.url);
    await pause(newsMs);
    await call(gateway, whole, model);
    await gateway.admin.request('DELETE', `/admin/channels/${ids[0] ?? 0}/cooldown`);
    await pause(newsMs);
    const after = [await call(gateway, whole, model), await call(gateway, whole, model)];
    expect(after.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('show what is under way in either of them', async () => {
    const gate = newGate();
    const upstream = await gateway.upstreamThat(() => gatedStream(gate));
    const { model } = await gateway.serve(upstream.url);
    await pause(newsMs);
    const exchanges = [begin(gateway, streaming, model), begin(gateway, streaming, model)];
    for (const exchange of exchanges) await exchange.holds(begun.at(-1) ?? '');
    await until('two streams in the metrics', async () => ((await metric(gateway, 'ccload_streams_under_way')) === 2 ? true : undefined));
    gate.open();
    for (const exchange of exchanges) expect((await exchange.answer).isComplete).toBe(true);
    await until('none in the metrics', async () => ((await metric(gateway, 'ccload_calls_under_way')) === 0 ? true : undefined));
  });

  it('pass the address of whoever logs in on to the login limits and the audit, and nothing that a client says it is', async () => {
    const headers = [
      ['Content-Type', 'application/json'],
      ['X-CCLoad-Peer', '203.0.113.9'],
    ] as const;
    const refused = await send(gateway.port, { path: '/login', headers, body: JSON.stringify({ password: 'wrong' }) });
    expect(refused.status).toBe(401);
    const audit = await gateway.admin.request('GET', '/admin/audit?limit=1');
    expect(audit.text).toContain('127.0.0.1');
    expect(audit.text).not.toContain('203.0.113.9');
  });

  it.each([
    ['GET', '/health', 200],
    ['POST', '/login', 413],
    ['POST', '/admin/channels', 401],
  ])('keep no connection for the rest of a body that the control plane did not read: %s %s', async (method, path, status) => {
    const text = await new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(gateway.port, '127.0.0.1').on('error', () => undefined);
      socket.on('data', (part) => (heard += part.toString())).on('close', () => resolve(heard));
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{`);
    });
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('answer the control plane whole: a chunked upload, a page, an answer without a body', async () => {
    const csv = 'name,api_key,url,models,priority,enabled\r\nuploaded,sk-x,https://upstream.example,m1,1,false\r\n';
    const form = `--b\r\nContent-Disposition: form-data; name="file"; filename="channels.csv"\r\n\r\n${csv}\r\n--b--\r\n`;
    const chunked = `${Buffer.byteLength(form).toString(16)}\r\n${form}\r\n0\r\n\r\n`;
    const socket = connect(gateway.port, '127.0.0.1');
    const head = [['Cookie', gateway.admin.sessionCookie], ['Content-Type', 'multipart/form-data; boundary=b'], ['Transfer-Encoding', 'chunked'], ['Connection', 'close']];
    socket.write(`POST /admin/channels/import?dry_run=true HTTP/1.1\r\nHost: 127.0.0.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${chunked}`);
    let imported = '';
    for await (const bytes of socket) imported += String(bytes);
    expect(imported).toMatch(/^HTTP\/1\.1 200 /);
    const page = await send(gateway.port, { method: 'GET', path: '/web/login' });
    expect([page.status, page.isComplete]).toEqual([200, true]);
    expect((await send(gateway.port, { method: 'HEAD', path: '/health' })).status).toBe(200);
  });

  it('pass on why an upload was refused before its end', async () => {
    const headers = [['Cookie', gateway.admin.sessionCookie], ['Content-Type', 'multipart/form-data; boundary=b']] as const;
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="channels.csv"\r\n\r\n';
    const answer = await send(gateway.port, { path: '/admin/channels/import', headers, body: `${head}${'x'.repeat(12 * 1024 * 1024)}\r\n--b--\r\n` });
    expect([answer.status, answer.isComplete]).toEqual([413, true]);
    expect(answer.text).toContain('the file must be at most 10485760 bytes');
  });

  it('lose no stream but those of the worker that dies; another takes its place', async () => {
    const gate = newGate();
    const upstream = await gateway.upstreamThat((request) => (request.body.toString().includes('"stream":true') ? gatedStream(gate) : whole.answers('served')));
    const { model } = await gateway.serve(upstream.url);
    await pause(newsMs);
    // Connections go round, so that each worker gets one.
    const exchanges = [begin(gateway, streaming, model), begin(gateway, streaming, model)];
    for (const exchange of exchanges) await exchange.holds(begun.at(-1) ?? '');

    process.kill(workersOf(gateway)[0] ?? 0, 'SIGKILL');
    await until('the end of the worker to be told', () => (gateway.process.output.includes('ended with SIGKILL') ? true : undefined));
    await until('another worker', () => (workersOf(gateway).length === 2 ? true : undefined));
    gate.open();
    const complete = (await Promise.all(exchanges.map(({ answer }) => answer))).map(({ isComplete }) => isComplete);
    expect([...complete].sort()).toEqual([false, true]);
    await until('calls to be served by both', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => call(gateway, whole, model)));
      return answers.every(({ status }) => status === 200) ? true : undefined;
    });
  });
});

describe('without workers', () => {
  it('nothing of theirs is loaded but the word that would start one', async () => {
    const running = await startGateway({ preload: new URL('../support/loaded-modules.mjs', import.meta.url) });
    const loaded = running.process.output.matchAll(/^loaded: .*\/dist\/src\/(\S*workers\S*)$/gm);
    expect([...loaded].map(([, file]) => file)).toEqual(['workers/worker-argument.js']);
    await running.end();
  });
});

describe('workers that are told to stop', () => {
  it('let their streams finish, answer health checks meanwhile, and the program ends with 0', async () => {
    const running = await startGateway({ env: { CCLOAD_WORKERS: '2' } });
    const gate = newGate();
    const { model } = await running.serve((await running.upstreamThat(() => gatedStream(gate))).url);
    await pause(newsMs);
    const exchange = begin(running, streaming, model);
    await exchange.holds(begun.at(-1) ?? '');
    const workers = workersOf(running);

    running.process.signal('SIGTERM');
    await until('/ready to turn 503', async () => ((await send(running.port, { method: 'GET', path: '/ready' })).status === 503 ? true : undefined));
    await until('new calls to be refused', async () => ((await call(running, whole, model)).status === 503 ? true : undefined));
    gate.open();
    expect((await exchange.answer).isComplete).toBe(true);
    expect(await running.process.exitCode()).toBe(0);
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow();
    await running.end();
  });

  it('are told why, in one sentence, when their port is taken', async () => {
    const first = await startGateway({ env: { CCLOAD_WORKERS: '2' } });
    const second = spawnGateway({ env: { CCLOAD_WORKERS: '2', PORT: String(first.port) } });
    expect(await second.exitCode()).toBe(1);
    expect(second.output).toContain(`Port ${first.port} on 127.0.0.1 is taken`);
    await first.end();
  });

  it('end when the process that keeps the books is killed', async () => {
    const running = await startGateway({ env: { CCLOAD_WORKERS: '2' } });
    const workers = workersOf(running);
    running.process.signal('SIGKILL');
    await running.process.exitCode();
    await until('the workers to end', () => (workers.every((pid) => !isAlive(pid)) ? true : undefined));
    expect(workers).toHaveLength(2);
  });
});
