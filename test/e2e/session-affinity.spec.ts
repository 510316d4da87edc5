import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json, type HeaderLines } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const row = rowFor('anthropic', false);

const equals = async (): Promise<{ readonly model: string; readonly upstreams: readonly FakeUpstream[] }> => {
  const upstreams = await Promise.all(['a', 'b', 'c'].map((name) => gateway.upstream(row.answers(name))));
  const model = gateway.newModel();
  for (const { url } of upstreams) await gateway.admin.addChannel({ url, models: [model] });
  return { model, upstreams };
};

const ask = async (model: string, headers: HeaderLines, fields: object = {}): Promise<string | undefined> => {
  const answer = await send(gateway.port, {
    path: row.path,
    headers: [['x-api-key', clientToken], ...headers],
    body: JSON.stringify({ model, ...row.question, ...fields }),
  });
  expect(answer.status).toBe(200);
  return answer.header('x-ccload-channel');
};

const identities: readonly (readonly [string, HeaderLines, object])[] = [
  ['x-claude-code-session-id', [['X-Claude-Code-Session-Id', 'session-1']], {}],
  ['session-id', [['session-id', 'session-2']], {}],
  ['session_id', [['session_id', 'session-3']], {}],
  ['metadata.user_id', [], { metadata: { user_id: 'user_abc_account__session_4' } }],
  ['prompt_cache_key', [], { prompt_cache_key: 'session-5' }],
];

describe('a session', () => {
  it.each(identities)('named by %s stays with the channel that served it', async (_name, headers, fields) => {
    const { model } = await equals();

    const seen = new Set<string | undefined>();
    for (let time = 0; time < 4; time += 1) {
      seen.add(await ask(model, headers, fields));
      await ask(model, []);
    }

    expect(seen.size).toBe(1);
  });

  it('is not confused with another', async () => {
    const { model } = await equals();
    const one = await ask(model, [['session-id', 'one']]);
    const two = await ask(model, [['session-id', 'two']]);
    expect(two).not.toBe(one);
    expect(await ask(model, [['session-id', 'one']])).toBe(one);
    expect(await ask(model, [['session-id', 'two']])).toBe(two);
  });

  it('moves to another channel when its own fails, and stays there', async () => {
    const { model, upstreams } = await equals();
    const first = await ask(model, [['session-id', 's']]);
    for (const upstream of upstreams.filter(({ requests }) => requests.length > 0)) upstream.answer(json(500, {}));

    const second = await ask(model, [['session-id', 's']]);
    const third = await ask(model, [['session-id', 's']]);

    expect(second).not.toBe(first);
    expect(third).toBe(second);
  });

  it('does not keep a request in a lower priority', async () => {
    const high = await gateway.upstream(json(500, {}), row.answers('high'));
    const low = await gateway.upstream(row.answers('low'));
    const { model, ids } = await gateway.serve(high.url, low.url);
    expect(await ask(model, [['session-id', 'tiers']])).toBe(String(ids[1]));
    await new Promise((resolve) => setTimeout(resolve, 1_250));

    expect(await ask(model, [['session-id', 'tiers']])).toBe(String(ids[0]));
  });
});
