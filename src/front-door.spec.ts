import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRaw, send } from '../test/support/client.js';
import { frontDoor } from './front-door.js';

const says =
  (who: string): RequestListener =>
  (_request, response) =>
    response.end(who);

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer(frontDoor(says('proxy'), says('admin')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close().closeAllConnections());

describe('the front door', () => {
  it.each(['/v1/messages', '/v1/messages?beta=true', '/v1/', '/v1', '/v1?x=1', '/v1/../admin/channels', '/v1/%2e%2e/admin', '/v1//messages'])(
    'shows everything below /v1 to the data plane, which decides by itself: %s',
    async (path) => {
      expect((await send(port, { path })).text).toBe('proxy');
    },
  );

  it.each(['/', '/v10/messages', '/v1beta/models', '/V1/messages', '//v1/messages', '/admin/channels', '/x/v1/messages', '/?/v1/messages', '/health'])(
    'shows everything else to the control plane: %s',
    async (path) => {
      expect((await send(port, { path })).text).toBe('admin');
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST'])('does not look at the method: %s', async (method) => {
    const answer = await send(port, { method, path: '/v1/messages' });
    expect([answer.status, method === 'HEAD' ? '' : 'proxy']).toEqual([200, answer.text]);
  });

  it.each(['*', 'gateway:443'])('does not mistake other forms of target for a path: %s', async (target) => {
    const answer = await openRaw(port, `OPTIONS ${target} HTTP/1.1\r\nHost: gateway\r\n\r\n`).answer;
    expect(answer.text).not.toBe('proxy');
  });
});
