import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { begin, call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import type { Answer } from '../support/client.js';
import { newGate } from '../support/gate.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json, silence } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const row = rowFor('openai', false);
const crowdSize = 200;
const failure = json(500, row.errorBody('server_error', 'down'));

const crowdCalls = (model: string): Promise<readonly Answer[]> =>
  Promise.all(Array.from({ length: crowdSize }, () => call(gateway, row, model)));

/** The largest number of requests that an upstream had at once, each lasting `lastsMs`, from the request `since` on. */
const mostAtOnce = (arrivals: readonly number[], lastsMs: number): number =>
  Math.max(0, ...arrivals.map((at) => arrivals.filter((other) => other <= at && at < other + lastsMs).length));

describe(`with ${crowdSize} clients at once`, () => {
  it('the failures of one moment count once', async () => {
    // A refused key cools for five minutes, so that no probe can come between however slow the machine is.
    const refused = json(401, row.errorBody('authentication_error', 'no such key'));
    const first = await gateway.upstream(silence().wait(50).followedBy(refused));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);

    const answers = await crowdCalls(model);

    const coolsMinutes = ((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0) / 60_000;
    expect(coolsMinutes).toBeGreaterThan(4);
    expect(coolsMinutes).toBeLessThanOrEqual(5.5);
    expect(answers.every(({ text }) => text === row.answerText('second'))).toBe(true);
    expect(first.requests.length).toBeLessThanOrEqual(crowdSize);
    expect(second.requests).toHaveLength(crowdSize);
  });

  it('a dead channel sees one probe at a time, ever more rarely', async () => {
    const probeMs = 150;
    const first = await gateway.upstream(failure, silence().wait(probeMs).followedBy(failure));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);

    const stopAt = Date.now() + 4_500;
    const answers: Answer[] = [];
    while (Date.now() < stopAt) answers.push(...(await crowdCalls(model)));

    const probes = first.requests.slice(1).map(({ receivedAt }) => receivedAt);
    expect(answers.every(({ text }) => text === row.answerText('second'))).toBe(true);
    expect(mostAtOnce(probes, probeMs)).toBe(1);
    // After 1 s and then after 2 s more; the next wait is 4 s.
    expect(probes.length).toBeLessThanOrEqual(2);
    expect(probes.length).toBeGreaterThanOrEqual(1);
  }, 30_000);

  it('a channel that has recovered is whole again after one probe', async () => {
    const gate = newGate();
    const first = await gateway.upstream(failure, silence().after(gate.opened).followedBy(row.answers('first')), row.answers('first'));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);
    await sleep(1_250);

    const crowd = Array.from({ length: crowdSize }, () => begin(gateway, row, model));
    await until('the others to be answered elsewhere', () => (second.requests.length >= crowdSize ? true : undefined));
    const whileProbing = first.requests.length;
    gate.open();
    const answers = await Promise.all(crowd.map(({ answer }) => answer));
    const afterwards = await crowdCalls(model);

    expect(whileProbing).toBe(2);
    expect(answers.filter(({ text }) => text === row.answerText('first'))).toHaveLength(1);
    expect(afterwards.every(({ text }) => text === row.answerText('first'))).toBe(true);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
  });

  it('and everyone cooling, one asks and the rest get 503 with a true Retry-After', async () => {
    const gate = newGate();
    const limited = json(429, row.errorBody('rate_limit_exceeded', 'slow down'), [['retry-after', '20']]);
    const only = await gateway.upstream(limited, silence().after(gate.opened).followedBy(limited));
    const { model } = await gateway.serve(only.url);
    await call(gateway, row, model);
    await sleep(1_100);

    const crowd = Array.from({ length: crowdSize }, () => begin(gateway, row, model));
    await until('the others to be refused', () => (crowd.filter(({ received }) => received().status === 503).length >= crowdSize - 1 ? true : undefined));
    gate.open();
    const answers = await Promise.all(crowd.map(({ answer }) => answer));

    expect(only.requests).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    const waits = answers.filter(({ status }) => status === 503).map((answer) => Number(answer.header('retry-after')));
    expect(waits).toHaveLength(crowdSize - 1);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(17);
    expect(Math.max(...waits)).toBeLessThanOrEqual(20);
  });
});
