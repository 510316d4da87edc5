import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const chat = rowFor('openai', false);
const counts = (upstreams: readonly FakeUpstream[]): readonly number[] => upstreams.map(({ requests }) => requests.length);
const three = async (): Promise<readonly FakeUpstream[]> =>
  Promise.all(['a', 'b', 'c'].map((name) => gateway.upstream(chat.answers(name))));

const callTimes = async (model: string, times: number): Promise<readonly (string | undefined)[]> => {
  const channels: (string | undefined)[] = [];
  for (let time = 0; time < times; time += 1) channels.push((await call(gateway, chat, model)).header('x-ccload-channel'));
  return channels;
};

describe('among channels of one priority', () => {
  it('requests go round in turn', async () => {
    const upstreams = await three();
    const model = gateway.newModel();
    const ids: string[] = [];
    for (const { url } of upstreams) ids.push(String(await gateway.admin.addChannel({ url, models: [model], priority: 5 })));

    expect(await callTimes(model, 7)).toEqual([ids[0], ids[1], ids[2], ids[0], ids[1], ids[2], ids[0]]);
  });

  it('each model has a turn of its own', async () => {
    const upstreams = await three();
    const models = [gateway.newModel(), gateway.newModel()] as const;
    for (const { url } of upstreams) await gateway.admin.addChannel({ url, models, priority: 5 });

    const one = await callTimes(models[0], 2);
    const other = await callTimes(models[1], 2);

    expect(other).toEqual(one);
  });

  it('the load of a channel that fails is spread over the others', async () => {
    const [failing, ...healthy] = [await gateway.upstream(json(500, {})), ...(await three())];
    const model = gateway.newModel();
    for (const { url } of [failing, ...healthy]) await gateway.admin.addChannel({ url, models: [model], priority: 5 });

    await callTimes(model, 9);

    expect(failing.requests.length).toBe(1);
    expect(Math.max(...counts(healthy)) - Math.min(...counts(healthy))).toBeLessThanOrEqual(1);
  });
});

describe('among priorities', () => {
  it('the highest takes everything while it can', async () => {
    const upstreams = await three();
    const { model } = await gateway.serve(...upstreams.map(({ url }) => url));

    await callTimes(model, 5);

    expect(counts(upstreams)).toEqual([5, 0, 0]);
  });

  it('a change is in force for the next request', async () => {
    const upstreams = await three();
    const { model, ids } = await gateway.serve(...upstreams.map(({ url }) => url));

    await callTimes(model, 1);
    await gateway.admin.updateChannel(ids[0] ?? 0, { enabled: false });
    await callTimes(model, 1);

    expect(counts(upstreams)).toEqual([1, 1, 0]);
  });
});
