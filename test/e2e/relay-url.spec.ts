import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const targetSeen = async (channelPath: string, requestTarget: string): Promise<string | undefined> => {
  const upstream = await gateway.upstream(json(200, { ok: true }));
  const { model } = await gateway.serve(`${upstream.url}${channelPath}`);
  const headers = [['Authorization', `Bearer ${clientToken}`]] as const;
  const answer = await send(gateway.port, { path: requestTarget, headers, body: JSON.stringify({ model }) });
  expect(answer.status).toBe(200);
  return upstream.requests[0]?.target;
};

describe('the address of the upstream', () => {
  it.each([
    ['', '/v1/messages', '/v1/messages'],
    ['/', '/v1/messages', '/v1/messages'],
    ['/v1', '/v1/messages', '/v1/messages'],
    ['/v1/', '/v1/responses', '/v1/responses'],
    ['/relay/api', '/v1/messages', '/relay/api/v1/messages'],
    ['/relay/api/v1', '/v1/messages', '/relay/api/v1/messages'],
    ['', '/v1/messages?beta=true', '/v1/messages?beta=true'],
    ['', '/v1/messages/count_tokens', '/v1/messages/count_tokens'],
    ['', '/v1/a%2Fb/c%20d/%C3%A9?q=%26&q=a+b&empty=', '/v1/a%2Fb/c%20d/%C3%A9?q=%26&q=a+b&empty='],
    ['', '/v1/x?', '/v1/x?'],
  ])('is made of the channel URL "%s" and the request "%s"', async (channelPath, requestTarget, expected) => {
    expect(await targetSeen(channelPath, requestTarget)).toBe(expected);
  });

  it('stays at the origin of the channel, whatever the path looks like', async () => {
    expect(await targetSeen('', '/v1/@example.invalid/x')).toBe('/v1/@example.invalid/x');
  });

  it.each(['/v1/../admin', '/v1/a/%2e%2e/b', '/v1/a/..%2f..%2fx', '/v1/./x'])('is never reached by climbing: %s', async (path) => {
    const upstream = await gateway.upstream(json(200, { ok: true }));
    const { model } = await gateway.serve(`${upstream.url}/fenced/off`);
    const headers = [['Authorization', `Bearer ${clientToken}`]] as const;

    const answer = await send(gateway.port, { path, headers, body: JSON.stringify({ model }) });

    expect(answer.status).toBe(400);
    expect(upstream.requests).toEqual([]);
  });
});
