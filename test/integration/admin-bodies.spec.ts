import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpServer, listen } from '../../src/http-server.js';
import { aChannel, password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { openRaw, requestBytes, send, type Answer, type Exchange } from '../support/client.js';
import { until } from '../support/until.js';

let admin: AdminUnderTest;
let server: Server;
let port: number;
let cookie: string;
beforeAll(async () => {
  admin = await startAdmin();
  server = createHttpServer(admin.app.getHttpAdapter().getInstance());
  port = await listen(server, '127.0.0.1', 0);
  const answer = await admin.anonymous.post('/login').send({ password });
  cookie = answer.get('Set-Cookie')?.[0]?.split(';')[0] ?? '';
});
afterAll(() => server.close().closeAllConnections());

const kibibyte = 1024;
const json = ['Content-Type', 'application/json'] as const;
const chunked = ['Transfer-Encoding', 'chunked'] as const;
const operator = (): readonly [string, string] => ['Cookie', cookie];
const length = (bytes: number): readonly [string, string] => ['Content-Length', String(bytes)];

/** The head of a request whose body the test writes, or does not write, itself. */
const begin = (method: string, path: string, headers: readonly (readonly [string, string])[], part = ''): Exchange =>
  openRaw(port, Buffer.concat([requestBytes(port, { method, path, headers }), Buffer.from(part)]), { method, waitMs: 9_000 });
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const statusAndError = ({ status, text }: Answer): readonly unknown[] => [status, JSON.parse(text).error];

/** A connection that stays when its answer is complete, unlike that of `openRaw`. */
class Talk {
  heard = '';
  isClosed = false;
  readonly #socket: Socket;

  constructor(bytes: Buffer) {
    this.#socket = connect(port, '127.0.0.1')
      .on('data', (part) => (this.heard += part.toString('latin1')))
      .on('error', () => undefined)
      .on('close', () => (this.isClosed = true));
    this.write(bytes);
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  leave(): void {
    this.#socket.destroy();
  }
}

describe('a body of somebody without a session', () => {
  it('may have 16 KiB, which is refused by its length before any of it is read', async () => {
    const answer = await begin('POST', '/login', [json, length(16 * kibibyte + 1)]).answer;
    expect(statusAndError(answer)).toEqual([413, 'the body must be at most 16384 bytes']);
  });

  it('may have no more in chunks either, and is refused in the middle of them', async () => {
    const answer = await begin('POST', '/login', [json, chunked], chunk(`{"password":"${'x'.repeat(17 * kibibyte)}`)).answer;
    expect(statusAndError(answer)).toEqual([413, 'the body must be at most 16384 bytes']);
  });

  it('may not unfold to more', async () => {
    const body = gzipSync(JSON.stringify({ password: 'x'.repeat(100 * kibibyte) }));
    const answer = await send(port, { path: '/login', headers: [json, ['Content-Encoding', 'gzip']], body });
    expect(statusAndError(answer)).toEqual([413, 'the body must be at most 16384 bytes']);
  });

  it.each(['/nowhere', '/web/login', '/login'])('is held to that at %s', async (path) => {
    expect((await begin('POST', path, [json, length(1_000_000)]).answer).status).toBe(413);
  });

  it('in chunks is as good as any other', async () => {
    const body = JSON.stringify({ password });
    const answer = await begin('POST', '/login', [json, chunked], `${chunk(body.slice(0, 5))}${chunk(body.slice(5))}0\r\n\r\n`).answer;
    expect([answer.status, answer.text]).toEqual([200, '{"status":"success"}']);
  });
});

describe('a body of an operator', () => {
  it('may have a megabyte', async () => {
    const answer = await send(port, { path: '/admin/channels', headers: [json, operator()], body: JSON.stringify(aChannel({ name: 'x'.repeat(1_000_000) })) });
    expect(statusAndError(answer)).toEqual([400, expect.stringContaining('name')]);
  });

  it('may have no more, in chunks either', async () => {
    const headers = [json, operator(), chunked];
    const answer = await begin('POST', '/admin/channels', headers, chunk(`{"name":"${'x'.repeat(1_100_000)}`)).answer;
    expect(statusAndError(answer)).toEqual([413, 'the body must be at most 1048576 bytes']);
  });
});

describe('a body that nobody asked for', () => {
  it.each([
    ['GET', '/health'],
    ['HEAD', '/health'],
    ['GET', '/web/login.html'],
  ])('is not waited for: %s %s', async (method, path) => {
    const answer = await begin(method, path, [json, length(1_000_000)]).answer;
    expect(answer.status).toBe(200);
  });

  it.each([
    ['GET', '/health', []],
    ['POST', '/admin/channels', []],
    ['POST', '/login', [['Sec-Fetch-Site', 'cross-site']]],
    ['POST', '/login', []],
  ] as const)('costs its connection when it goes on after the answer: %s %s %j', async (method, path, headers) => {
    const talk = new Talk(requestBytes(port, { method, path, headers: [json, length(1_000_000), ...headers] }));
    await until('the answer', () => (talk.heard === '' ? undefined : true));
    const answeredAt = performance.now();
    await until('the end of the connection', () => {
      talk.write('x');
      return talk.isClosed ? true : undefined;
    });
    expect(performance.now() - answeredAt).toBeGreaterThan(1_000);
  });

  it('costs nothing when it ends soon: the connection goes on', async () => {
    const talk = new Talk(requestBytes(port, { path: '/admin/channels', headers: [json, length(20_000)] }));
    await until('the answer', () => (talk.heard === '' ? undefined : true));
    talk.write(`${'x'.repeat(10_000)}${'x'.repeat(10_000)}GET /health HTTP/1.1\r\nHost: x\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect([talk.isClosed, talk.heard]).toEqual([false, expect.stringMatching(/^HTTP\/1\.1 401 .*HTTP\/1\.1 200 /s)]);
    talk.leave();
  });
});

describe('the bodies of a crowd without a session', () => {
  const logIn = (): Promise<Answer> => send(port, { path: '/login', headers: [json], body: JSON.stringify({ password }) });

  it('may take 4 MiB together, then 503; operators are served, and so is everybody once the crowd has left', async () => {
    const crowd = Array.from({ length: 256 }, () => begin('POST', '/login', [json, length(16 * kibibyte)], '{'));
    for (const one of crowd) one.answer.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500));

    const refused = await logIn();
    const answer = await send(port, { path: '/admin/channels', headers: [json, operator()], body: JSON.stringify(aChannel()) });
    for (const one of crowd) one.leave();
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect([refused.status, refused.header('retry-after')]).toEqual([503, '5']);
    expect(answer.status).toBe(201);
    expect((await logIn()).status).toBe(200);
  });

  it('give their room back also when they waited behind an answer that never ended', async () => {
    const endless = requestBytes(port, { method: 'GET', path: '/admin/events', headers: [operator()] });
    const behind = requestBytes(port, { path: '/login', headers: [json], body: 'x'.repeat(16 * kibibyte) });
    const crowd = Array.from({ length: 13 }, () => new Talk(Buffer.concat([endless, ...Array.from({ length: 20 }, () => behind)])));
    await until('no room', async () => ((await logIn()).status === 503 ? true : undefined));
    for (const one of crowd) one.leave();
    await until('room again', async () => ((await logIn()).status === 200 ? true : undefined), 15_000);
  }, 25_000);
});
