import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { begin, call } from '../support/call.js';
import { rowFor, shapeProblem } from '../support/dialects.js';
import { newGate } from '../support/gate.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json, openSse, silence } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const row = rowFor('anthropic', false);
const limited = (seconds: number) => json(429, row.errorBody('rate_limit_error', 'slow down'), [['retry-after', String(seconds)]]);
const overloaded = json(529, row.errorBody('overloaded_error', 'Overloaded'));
const times = (count: number): readonly undefined[] => Array.from({ length: count }, () => undefined);

describe('a channel that named a time to wait', () => {
  it('is not asked again before that time, and is asked after it', async () => {
    const first = await gateway.upstream(limited(2), row.answers('first'));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    const startedAt = Date.now();
    await call(gateway, row, model);

    while (Date.now() - startedAt < 1_900) {
      expect((await call(gateway, row, model)).text).toBe(row.answerText('second'));
      await sleep(100);
    }
    await sleep(300);

    expect((await call(gateway, row, model)).text).toBe(row.answerText('first'));
    expect(first.requests).toHaveLength(2);
  });

  it('goes on serving its other models, when the limit is one of the model', async () => {
    const upstream = await gateway.upstreamThat((request) =>
      request.body.toString().includes('limited-model') ? limited(30) : row.answers('other'),
    );
    await gateway.admin.addChannel({ url: upstream.url, models: ['limited-model', 'free-model'] });

    expect((await call(gateway, row, 'limited-model')).status).toBe(429);
    expect((await call(gateway, row, 'limited-model')).status).toBe(503);
    expect((await call(gateway, row, 'free-model')).status).toBe(200);
  });
});

describe('an operator who mends a channel', () => {
  it.each([
    ['its key', { api_key: 'sk-a-new-key' }],
    ['its address', { url: '' }],
  ])('by changing %s ends its cooldown at once', async (_what, change) => {
    const first = await gateway.upstream(json(401, row.errorBody('authentication_error', 'no')), row.answers('first'));
    const moved = await gateway.upstream(row.answers('first'));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBeGreaterThan(250_000);

    const { name } = await gateway.channel(ids[0]);
    const full = { name, url: first.url, api_key: 'sk-old', models: [model], priority: 100, enabled: true };
    await gateway.admin.updateChannel(ids[0] ?? 0, { ...full, ...change, url: 'url' in change ? moved.url : first.url });

    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
    expect((await call(gateway, row, model)).text).toBe(row.answerText('first'));
  });
});

describe('an attempt that was under way', () => {
  const refused = json(401, row.errorBody('authentication_error', 'no'));

  it.each<readonly [what: string, act: (id: number, url: string, model: string) => Promise<unknown>]>([
    ['when the channel got another key', (id, url, model) => gateway.admin.updateChannel(id, { name: `mended-${id}`, url, api_key: 'sk-new', models: [model], priority: 100, enabled: true })],
    ['when an operator ended its cooldown', (id) => gateway.admin.request('DELETE', `/admin/channels/${id}/cooldown`)],
  ])('%s cools nobody when it fails', async (_what, act) => {
    const gate = newGate();
    const upstream = await gateway.upstream(silence().after(gate.opened).followedBy(refused), row.answers('mended'));
    const { model, ids } = await gateway.serve(upstream.url);
    const exchange = begin(gateway, row, model);
    await upstream.received(1);
    await act(ids[0] ?? 0, upstream.url, model);
    gate.open();

    expect((await exchange.answer).status).toBe(401);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
    expect((await call(gateway, row, model)).text).toBe(row.answerText('mended'));
  });
});

describe('an operator who cools a channel', () => {
  it('is obeyed for as long as was said, also where it is the only one', async () => {
    const upstream = await gateway.upstream(row.answers('first'));
    const { model, ids } = await gateway.serve(upstream.url);
    await gateway.admin.request('POST', `/admin/channels/${ids[0]}/cooldown`, { duration_ms: 1_800_000 });
    await sleep(1_200);

    const answer = await call(gateway, row, model);

    expect(answer.status).toBe(503);
    expect(Number(answer.header('retry-after'))).toBeGreaterThan(1_790);
    expect(upstream.requests).toHaveLength(0);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBeGreaterThan(1_790_000);
  });
});

describe('a channel whose cooldown is over', () => {
  it('gets one request at a time until one succeeds, and then all of them', async () => {
    const gate = newGate();
    const recovering = silence().after(gate.opened).followedBy(row.answers('first'));
    const first = await gateway.upstream(overloaded, recovering, row.answers('first'));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);
    await sleep(1_250);

    const crowd = times(20).map(() => begin(gateway, row, model));
    await until('19 answers of the second channel', () => (second.requests.length >= 20 ? true : undefined));
    const whileProbing = first.requests.length;
    gate.open();
    const answers = await Promise.all(crowd.map((exchange) => exchange.answer));
    const afterwards = await Promise.all(times(10).map(() => call(gateway, row, model)));

    expect(whileProbing).toBe(2);
    expect(answers.filter((answer) => answer.text === row.answerText('first'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.text === row.answerText('second'))).toHaveLength(19);
    expect(afterwards.map((answer) => answer.text)).toEqual(times(10).map(() => row.answerText('first')));
  });

  it('waits twice as long after failing once more', async () => {
    const first = await gateway.upstream(overloaded);
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);
    const once = (await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0;
    await sleep(1_250);
    await call(gateway, row, model);
    const twice = (await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0;

    expect(first.requests).toHaveLength(2);
    expect(once).toBeGreaterThan(500);
    expect(once).toBeLessThanOrEqual(1_100);
    expect(twice).toBeGreaterThan(1_400);
    expect(twice).toBeLessThanOrEqual(2_200);
  });
});

describe('when everyone cools', () => {
  it('the clients get 503 in their dialect with a true Retry-After', async () => {
    const upstream = await gateway.upstream(limited(30));
    const { model } = await gateway.serve(upstream.url);
    await call(gateway, row, model);

    const answers = await Promise.all(times(10).map(() => call(gateway, row, model)));

    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
      expect(Number(answer.header('retry-after'))).toBeGreaterThanOrEqual(28);
      expect(Number(answer.header('retry-after'))).toBeLessThanOrEqual(30);
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it('the clients hear that another request is probing, and no moment that has passed', async () => {
    const gate = newGate();
    const upstream = await gateway.upstream(limited(1), silence().after(gate.opened).followedBy(row.answers('late')));
    const { model } = await gateway.serve(upstream.url);
    await call(gateway, row, model);
    await sleep(1_100);
    const probe = begin(gateway, row, model);
    await upstream.received(2);

    const answer = await call(gateway, row, model);
    gate.open();

    expect(answer.status).toBe(503);
    expect(answer.text).toContain('another request is probing');
    expect(answer.header('retry-after')).toBe('5');
    expect((await probe.answer).status).toBe(200);
  });

  it('a probe ahead of time lets everyone in as soon as its answer begins', async () => {
    const stream = rowFor('anthropic', true);
    const slow = openSse(stream.events('early').slice(0, stream.announcements + 1));
    const upstream = await gateway.upstream(limited(30), slow, row.answers('later'));
    const { model } = await gateway.serve(upstream.url);
    await call(gateway, row, model);
    await sleep(1_100);
    const probe = begin(gateway, stream, model);
    await probe.begun();

    const crowd = await Promise.all(times(5).map(() => call(gateway, row, model)));
    probe.leave();

    expect(crowd.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('one request of many is let through to see whether the wait is still needed', async () => {
    const gate = newGate();
    const upstream = await gateway.upstream(limited(30), silence().after(gate.opened).followedBy(row.answers('early')), row.answers('later'));
    const { model } = await gateway.serve(upstream.url);
    await call(gateway, row, model);
    await sleep(1_100);

    const crowd = times(20).map(() => begin(gateway, row, model));
    await upstream.received(2);
    await until('19 refusals', () => (crowd.filter(({ received }) => received().status === 503).length >= 19 ? true : undefined));
    gate.open();
    const answers = await Promise.all(crowd.map((exchange) => exchange.answer));

    expect(upstream.requests).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await call(gateway, row, model)).status).toBe(200);
  });
});
