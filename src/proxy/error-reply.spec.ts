import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { open, send } from '../../test/support/client.js';
import { sendError, sendJson } from './error-reply.js';

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

const serve = async (listener: RequestListener): Promise<number> => {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const refusing = (more: { readonly closesConnection?: boolean; readonly headers?: readonly string[] } = {}): RequestListener =>
  (_request, response: ServerResponse) => sendError(response, 'anthropic', 'r-1', { status: 413, message: 'Too große.', ...more });

describe('an answer in the name of the gateway', () => {
  it('is JSON of the stated length in the shape of the dialect, with the request id', async () => {
    const port = await serve(refusing({ headers: ['retry-after', '7', 'allow', 'POST'] }));
    const answer = await send(port, { path: '/v1/messages', body: '{}' });
    expect([answer.status, answer.isComplete]).toEqual([413, true]);
    expect(answer.header('content-type')).toBe('application/json');
    expect(answer.header('content-length')).toBe(String(answer.body.length));
    expect([answer.header('x-ccload-request-id'), answer.header('retry-after'), answer.header('allow')]).toEqual(['r-1', '7', 'POST']);
    expect(JSON.parse(answer.text)).toEqual({ type: 'error', error: { type: 'request_too_large', message: 'Too große.' }, request_id: 'r-1' });
  });

  it('has a length but no body for HEAD', async () => {
    const port = await serve((_request, response) => sendJson(response, 200, '{"ok":true}', []));
    const answer = await send(port, { method: 'HEAD', path: '/v1/models' });
    expect([answer.status, answer.header('content-length'), answer.text]).toEqual([200, '11', '']);
  });

  it('leaves the connection open for the next request when the body was read', async () => {
    const port = await serve((request, response) => request.resume().on('end', () => refusing()(request, response)));
    expect((await send(port, { path: '/', body: '{}' })).header('connection')).toBe('keep-alive');
  });

  it('says that the connection closes when the request was not read to its end', async () => {
    const port = await serve(refusing({ closesConnection: true }));
    expect((await send(port, { path: '/', body: '{}' })).values('connection')).toEqual(['close']);
  });
});

/** Uploads until somebody stops it; tells what was read and how it ended. */
const upload = (port: number): Promise<{ readonly read: string; readonly error: string | undefined; readonly tookMs: number }> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const startedAt = performance.now();
    let [read, error]: [string, string | undefined] = ['', undefined];
    const block = Buffer.alloc(64 * 1024, 'x');
    const pour = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.write(`POST /v1/messages HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100000000000\r\n\r\n`);
    pour();
    socket.on('drain', pour);
    socket.on('data', (bytes) => (read += bytes.toString()));
    socket.on('error', (reset: NodeJS.ErrnoException) => (error = reset.code));
    socket.on('close', () => resolve({ read, error, tookMs: performance.now() - startedAt }));
  });

describe('a client that is refused in the middle of its upload', () => {
  it('reads the whole answer before the connection is torn down', async () => {
    const port = await serve(refusing({ closesConnection: true }));
    const answers = await Promise.all([upload(port), upload(port), upload(port)]);
    for (const { read } of answers) expect(read).toContain('"message":"Too große."');
  });

  it('is given time to stop, but not without end', async () => {
    const port = await serve(refusing({ closesConnection: true }));
    const { tookMs } = await upload(port);
    // The limit is 2 s.
    expect(tookMs).toBeGreaterThan(1_000);
    expect(tookMs).toBeLessThan(4_000);
  });

  it('is let go as soon as it has sent everything', async () => {
    const port = await serve(refusing({ closesConnection: true }));
    const client = open(port, { path: '/', headers: [['Content-Length', '5']] });
    await client.begun();
    client.write('hello');
    const answer = await client.answer;
    expect([answer.isComplete, answer.tookMs < 1_000]).toEqual([true, true]);
  });
});
