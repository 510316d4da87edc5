import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { begin, call } from '../support/call.js';
import type { LogRow } from '../support/admin-client.js';
import { open, openRaw, send } from '../support/client.js';
import { errorTailProblem, rowFor, shapeProblem, streamingRows } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { gatedSse, head, json, openSse, silence } from '../support/script.js';
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

const bearer = [['Authorization', `Bearer ${clientToken}`], ['Content-Type', 'application/json']] as const;
const half = rowFor('anthropic', false).body('half'.repeat(500)).slice(0, -20);
const halfHead = [['content-type', 'application/json'], ['content-length', '100000']] as const;

const callsUnderWay = async (port: number): Promise<number> =>
  Number(/^ccload_calls_under_way (\S+)$/m.exec((await send(port, { method: 'GET', path: '/metrics' })).text)?.[1]);

const becomesUnready = (port: number): Promise<true> =>
  until('/ready to turn 503', async () => ((await send(port, { method: 'GET', path: '/ready' })).status === 503 ? true : undefined));

describe('SIGTERM', () => {
  it('lets running streams finish, takes no new work, and ends with 0', async () => {
    const running = await startGateway();
    gateway = running;
    const gate = newGate();
    const upstream = await running.upstream(gatedSse(events, begun.length, gate));
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

});

describe('an answer that a client is slow to read', () => {
  it('reaches it whole: it is waited for, although the call has ended', async () => {
    const running = await startGateway();
    gateway = running;
    const body = JSON.stringify({ text: 'x'.repeat(12_000_000) });
    const { model } = await running.serve((await running.upstream(json(200, body))).url);
    const exchange = begin(running, rowFor('anthropic', false), model);
    exchange.pause();
    await until('the call to be under way', async () => ((await callsUnderWay(running.port)) === 1 ? true : undefined));
    const reading = setInterval(() => {
      exchange.resume();
      setTimeout(exchange.pause, 2);
    }, 20);

    running.process.signal('SIGTERM');
    const answer = await exchange.answer.finally(() => clearInterval(reading));

    expect([answer.isComplete, answer.body.length]).toEqual([true, body.length]);
    expect(await running.process.exitCode()).toBe(0);
  });
});

describe.each([1, 2])('when DRAIN_TIMEOUT_MS has passed, with CCLOAD_WORKERS=%i', (workers) => {
  let [running, again]: (Gateway | undefined)[] = [];
  afterEach(async () => {
    await again?.end();
    running?.process.signal('SIGKILL');
  });

  const drainsFor = async (ms: number): Promise<Gateway> => {
    running = await startGateway({ env: { DRAIN_TIMEOUT_MS: String(ms), CCLOAD_WORKERS: String(workers) } });
    gateway = running;
    return running;
  };

  /** What another start on the same database says of the model's calls. */
  const logged = async (model: string): Promise<{ readonly rows: readonly LogRow[]; readonly cooling: readonly unknown[] }> => {
    again = await startGateway({ folder: running?.process.folder ?? '' });
    return { rows: await again.logRowsOf(model), cooling: (await again.admin.channels()).filter((channel) => 'cooldown_until' in channel) };
  };

  it.each(streamingRows)('a stream ends with an error event, and the log says why: $title', async (streaming) => {
    const gateway = await drainsFor(400);
    const events = streaming.events('running').slice(0, streaming.announcements + 2);
    const { model } = await gateway.serve((await gateway.upstream(openSse(events).stall())).url);
    await sleep(workers === 1 ? 0 : 400);
    const exchange = begin(gateway, streaming, model);
    await exchange.holds(events.at(-1) ?? '');

    gateway.process.signal('SIGTERM');
    const answer = await exchange.answer;

    expect(await gateway.process.exitCode(5_000)).toBe(0);
    expect(answer.isComplete).toBe(true);
    expect(errorTailProblem(streaming.dialect, answer.text.slice(events.join('').length))).toBeUndefined();
    expect(answer.text).toContain('shut down');
    expect(gateway.process.output).toContain('1 call was cut off after 400 ms');
    expect(await logged(model)).toMatchObject({ rows: [{ status_code: 503, message: 'cut off by the shutdown', final: true }], cooling: [] });
  });

  it('calls whose answer has not begun get 503, a body that breaks is torn, an upload ends; each has its row', async () => {
    const gateway = await drainsFor(400);
    const { model } = await gateway.serve((await gateway.upstreamThat(({ body }) => (body.includes('begun') ? head(200, halfHead).raw(half).stall() : silence()))).url);
    await sleep(workers === 1 ? 0 : 400);
    const ask = (text: string) => open(gateway.port, { path: row.path, headers: bearer, body: JSON.stringify({ model, text }) });
    const [silent, begunOne] = [ask('silent'), ask('begun')];
    await begunOne.holds('half');
    const upload = openRaw(gateway.port, `POST ${row.path} HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer ${clientToken}\r\nContent-Length: 100\r\n\r\n{"model":`);
    await until('three calls', async () => ((await callsUnderWay(gateway.port)) === 3 ? true : undefined));

    gateway.process.signal('SIGTERM');
    const answers = await Promise.all([silent, begunOne, upload].map(({ answer }) => answer));

    expect(await gateway.process.exitCode(5_000)).toBe(0);
    expect(answers.map(({ status, isComplete }) => [status, isComplete])).toEqual([[503, true], [200, false], [0, false]]);
    expect(shapeProblem(row.dialect, answers[0]?.text ?? '')).toBeUndefined();
    expect(gateway.process.output).toContain('3 calls were cut off after 400 ms');
    expect((await logged(model)).rows).toMatchObject([{ status_code: 503 }, { status_code: 503 }]);
    expect(await again?.admin.logRows('status=503')).toHaveLength(3);
  });
});
