import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { shapeProblem } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin.addChannel({ url: 'https://api.anthropic.com', models: ['claude-b', 'claude-a'] });
  await gateway.admin.addChannel({ url: 'https://api.openai.com', models: ['gpt-5', 'claude-a'] });
  await gateway.admin.addChannel({ url: 'https://api.openai.com', models: ['hidden'], enabled: false });
});
afterAll(() => gateway.end());

const bearer = ['Authorization', `Bearer ${clientToken}`] as const;
const models = (headers: readonly (readonly [string, string])[]) => send(gateway.port, { method: 'GET', path: '/v1/models', headers });

describe('GET /v1/models', () => {
  it('lists every model of the enabled channels once, in the shape of OpenAI', async () => {
    const answer = await models([bearer]);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      object: 'list',
      data: [
        { id: 'claude-a', object: 'model' },
        { id: 'claude-b', object: 'model' },
        { id: 'gpt-5', object: 'model' },
      ],
    });
  });

  it('takes the shape of Anthropic when the client names its version', async () => {
    const answer = await models([bearer, ['anthropic-version', '2023-06-01']]);
    expect(JSON.parse(answer.text)).toMatchObject({
      data: [
        { id: 'claude-a', type: 'model' },
        { id: 'claude-b', type: 'model' },
        { id: 'gpt-5', type: 'model' },
      ],
      has_more: false,
      first_id: 'claude-a',
      last_id: 'gpt-5',
    });
  });

  it('wants a token', async () => {
    const openai = await models([]);
    const anthropic = await models([['anthropic-version', '2023-06-01'], ['x-api-key', 'wrong']]);
    expect([openai.status, anthropic.status]).toEqual([401, 401]);
    expect(shapeProblem('openai', openai.text)).toBeUndefined();
    expect(openai.text).not.toContain('gpt-5');
  });

  it('shows a change of the channels at once', async () => {
    const id = await gateway.admin.addChannel({ url: 'https://api.openai.com', models: ['fleeting'] });
    const before = await models([bearer]);
    await gateway.admin.updateChannel(id, { enabled: false });
    const after = await models([bearer]);
    expect(before.text).toContain('fleeting');
    expect(after.text).not.toContain('fleeting');
  });
});

describe('the probes of clients and platforms', () => {
  it.each([
    ['HEAD', '/'],
    ['GET', '/'],
    ['GET', '/health'],
    ['HEAD', '/health'],
    ['GET', '/ready'],
    ['HEAD', '/ready'],
    ['GET', '/public/summary'],
  ])('%s %s answers without a token or a session', async (method, path) => {
    const answer = await send(gateway.port, { method, path });
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(400);
    if (method === 'HEAD') expect(answer.body.length).toBe(0);
  });
});
