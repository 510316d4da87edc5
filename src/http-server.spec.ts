import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { open, openRaw, requestBytes, send } from '../test/support/client.js';
import { until } from '../test/support/until.js';
import { createHttpServer, listen, type ServerLimits } from './http-server.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const serve = async (listener: RequestListener, tighten: (server: Server) => void = () => undefined, limits: ServerLimits = {}): Promise<number> => {
  const server = createHttpServer(listener, limits);
  servers.push(server);
  tighten(server);
  return listen(server, '127.0.0.1', 0);
};

const answersOk: RequestListener = (request, response) => request.resume().on('end', () => response.end('ok'));

describe('what is not HTTP gets a plain answer and is shown out', () => {
  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex'), 400],
    ['a header without a colon', 'POST / HTTP/1.1\r\nHost: g\r\nno colon\r\n\r\n', 400],
    ['two different lengths', 'POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx', 400],
    ['length and chunks at once', 'POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['a space before the colon', 'POST / HTTP/1.1\r\nHost: g\r\nX-A : 1\r\n\r\n', 400],
    ['no Host', 'POST / HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'POST / HTTP/1.1\r\nHost: g\r\nhost: g\r\n\r\n', 400],
    ['a second Host behind 2 000 headers', `POST / HTTP/1.1\r\nHost: g\r\n${'a: b\r\n'.repeat(2_000)}Host: h\r\n\r\n`, 400],
    ['a transfer coding nobody knows', 'POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n', 501],
    ['two transfer codings', 'POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 501],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: g\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['HTTP/2.0', 'POST / HTTP/2.0\r\nHost: g\r\n\r\n', 505],
    ['HTTP/0.9', 'GET /\r\n\r\n', 505],
    ['more headers than anyone needs', `POST / HTTP/1.1\r\nHost: g\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s', async (_, bytes, status) => {
    const port = await serve(answersOk);
    const answer = await openRaw(port, bytes).answer;
    expect([answer.status, answer.isComplete, answer.header('connection')]).toEqual([status, true, 'close']);
  });

  it('in the shape that most clients can parse', async () => {
    const port = await serve(answersOk);
    const answer = await openRaw(port, 'GARBAGE\r\n\r\n').answer;
    expect(answer.header('content-type')).toBe('application/json');
    expect(JSON.parse(answer.text)).toEqual({
      error: { message: expect.stringContaining('400 Bad Request'), type: 'invalid_request_error', code: null, param: null },
    });
  });

  it('and nothing of what it sent is repeated', async () => {
    const port = await serve(answersOk);
    expect((await openRaw(port, 'POST / sk-secret\r\n\r\n').answer).text).not.toContain('sk-secret');
  });

  it('and others are served as before', async () => {
    const port = await serve(answersOk);
    await openRaw(port, 'GARBAGE\r\n\r\n').answer;
    expect((await send(port, { path: '/', body: '{}' })).text).toBe('ok');
  });

  it('but never in the middle of an answer that is under way: that one is broken off', async () => {
    const port = await serve((_request, response) => response.writeHead(200, { 'content-length': '1000' }).write('half of it'));
    const client = openRaw(port, requestBytes(port, { path: '/', body: '{}' }));
    await client.holds('half of it');
    client.write('GARBAGE\r\n\r\n');
    const answer = await client.answer;
    expect([answer.isComplete, answer.text]).toEqual([false, 'half of it']);
  });

  it('nor behind one: a finished answer stays as it was', async () => {
    const port = await serve(answersOk);
    const client = open(port, { path: '/', body: '{}' });
    expect((await client.answer).text).toBe('ok');
  });
});

describe('what is not HTTP, behind an answer that is over,', () => {
  it('is answered where the connection was to go on', async () => {
    const port = await serve(answersOk);
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    const hears = (text: string): Promise<true> => until(text, () => (heard.includes(text) ? true : undefined));
    socket.write(requestBytes(port, { path: '/', body: '{}' }));
    await hears('ok');
    socket.write('GARBAGE\r\n\r\n');
    await hears('400 Bad Request');
    socket.destroy();
  });
});

describe('a listener that throws', () => {
  const throwsAt = (path: string, first: (response: ServerResponse) => void = () => undefined): RequestListener => (request, response) => {
    if (request.url !== path) {
      answersOk(request, response);
      return;
    }
    first(response);
    throw new Error('a bug of the test');
  };

  it('costs its request a 500 and the connection, and is told of', async () => {
    const bugs: unknown[] = [];
    const port = await serve(throwsAt('/bug'), undefined, { reportBug: (bug) => bugs.push(bug) });
    const answer = await send(port, { path: '/bug', body: 'x'.repeat(100_000) });
    expect([answer.status, answer.isComplete, answer.header('connection')]).toEqual([500, true, 'close']);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'gateway_error' } });
    expect(bugs).toEqual([new Error('a bug of the test')]);
  });

  it('costs others nothing', async () => {
    const port = await serve(throwsAt('/bug'));
    await send(port, { path: '/bug' });
    expect(await send(port, { path: '/' })).toMatchObject({ status: 200, text: 'ok' });
  });

  it('in the middle of its answer breaks it off', async () => {
    const port = await serve(throwsAt('/bug', (response) => response.writeHead(200).write('half')));
    expect((await send(port, { path: '/bug' })).isComplete).toBe(false);
  });
});

describe('slow and many clients', () => {
  it('who do not finish their headers in time get 408', async () => {
    const port = await serve(answersOk, (server) => (server.headersTimeout = 100));
    const answer = await openRaw(port, 'POST / HTTP/1.1\r\nHost: g\r\nX-Slow: ').answer;
    expect([answer.status, answer.isComplete]).toEqual([408, true]);
  });

  it('find no clock for bodies here: each plane keeps its own, and streams of answers have none', async () => {
    const server = createHttpServer(answersOk);
    expect(server.requestTimeout).toBe(0);
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
  });

  it('of one address leave room for those of others, and it is told how many were turned away', async () => {
    const told: number[] = [];
    const server = createHttpServer(answersOk, { connectionsMax: 4, turnedAway: (connections) => void told.push(connections) });
    servers.push(server);
    const port = await listen(server, '127.0.0.1', 0);
    const crowd = Array.from({ length: 4 }, () => connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }).on('error', () => undefined));
    const turnedAway = crowd.map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    await Promise.race(turnedAway);

    expect((await send(port, { path: '/', body: '{}' })).text).toBe('ok');
    expect(told).toEqual([1]);
    for (const socket of crowd) socket.destroy();
  });

  it('are turned away at the door when there are too many', async () => {
    const port = await serve(answersOk, (server) => (server.maxConnections = 1));
    const first = openRaw(port, 'POST / HTTP/1.1\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await send(port, { path: '/' });
    expect([second.status, second.isComplete]).toEqual([0, false]);
    first.leave();
  });
});

describe('listening', () => {
  it('tells the port it got', async () => {
    const port = await serve(answersOk);
    expect((await send(port, { path: '/' })).status).toBe(200);
  });

  it('fails with a sentence when the port is taken', async () => {
    const port = await serve(answersOk);
    const another = createHttpServer(answersOk);
    await expect(listen(another, '127.0.0.1', port)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program; stop it or set PORT to a free one.`,
    );
  });

  it("fails with a sentence when the address is not this machine's", async () => {
    await expect(listen(createHttpServer(answersOk), '192.0.2.1', 0)).rejects.toThrow('HOST is "192.0.2.1", which is no address of this machine.');
  });

  it.each([
    ['EACCES', 'This user may not listen on port 80; set PORT to 1024 or above.'],
    ['ENOTFOUND', 'HOST is "somewhere", which is no address of this machine.'],
    ['EMFILE', 'The server cannot listen on somewhere:80: too bad'],
  ])('fails with a sentence, and keeps the cause: %s', async (code, sentence) => {
    const cause = Object.assign(new Error('too bad'), { code });
    const server = createServer();
    server.listen = () => {
      server.emit('error', cause);
      return server;
    };
    await expect(listen(server, 'somewhere', 80)).rejects.toMatchObject({ message: sentence, cause });
  });
});
