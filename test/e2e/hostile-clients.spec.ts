import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { call } from '../support/call.js';
import { idleConnections } from '../support/campaign.js';
import { openRaw, send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { until } from '../support/until.js';

const mebibyte = 1024 * 1024;

const row = rowFor('openai', false);
let gateway: Gateway;
let upstream: FakeUpstream;
let model: string;
let body: string;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODY_BYTES: String(8 * mebibyte) } });
  upstream = await gateway.upstream(row.answers('fine'));
  ({ model } = await gateway.serve(upstream.url));
  body = JSON.stringify({ model });
  for (let turn = 0; turn < 20; turn++) await call(gateway, row, model);
});
afterAll(() => gateway.end());

const head = (...lines: readonly string[]): string =>
  [`POST ${row.path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${clientToken}`, ...lines, '', ''].join('\r\n');
const chunked = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;

const othersAreServed = async (): Promise<void> => {
  const answer = await call(gateway, row, model);
  expect(answer).toMatchObject({ status: 200, text: row.body('fine') });
};

/** Everything that comes back on one connection, until the gateway closes it. */
const spoken = (bytes: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(gateway.port, '127.0.0.1');
    const timer = setTimeout(() => reject(new Error(`the connection stayed open after ${text}`)), 10_000);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
  });

const statusesIn = (text: string): readonly number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe('a message that two servers could read in two ways', () => {
  /** What a server that reads the message otherwise would take for the next request. */
  const smuggled = `POST /v1/smuggled HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clientToken}\r\nContent-Length: 0\r\n\r\n`;

  it.each([
    ['length, then chunks', 400, (text: string) => head(`Content-Length: ${text.length}`, 'Transfer-Encoding: chunked') + chunked(text)],
    ['chunks, then length', 400, (text: string) => head('Transfer-Encoding: chunked', 'Content-Length: 4') + chunked(text)],
    ['chunks, then a coding nobody knows', 400, (text: string) => head('Transfer-Encoding: chunked', 'Transfer-Encoding: x') + chunked(text)],
    ['a coding nobody knows, then chunks', 501, (text: string) => head('Transfer-Encoding: x', 'Transfer-Encoding: chunked') + chunked(text)],
    ['gzip, chunked', 501, (text: string) => head('Transfer-Encoding: gzip, chunked') + chunked(text)],
    ['chunked, chunked', 400, (text: string) => head('Transfer-Encoding: chunked, chunked') + chunked(text)],
    ['a coding that looks like chunked', 400, (text: string) => head('Transfer-Encoding: xchunked', `Content-Length: ${text.length}`) + text],
    ['a vertical tab before chunked', 400, (text: string) => head('Transfer-Encoding: \u000bchunked') + chunked(text)],
    ['chunked in quotes', 501, (text: string) => head('Transfer-Encoding: "chunked"') + chunked(text)],
    ['a space before the colon', 400, (text: string) => head('Transfer-Encoding : chunked') + chunked(text)],
    ['a folded coding', 400, (text: string) => head('Transfer-Encoding:\r\n chunked') + chunked(text)],
    ['a coding in the fold of another header', 400, (text: string) => head('X: y\r\n Transfer-Encoding: chunked', `Content-Length: ${text.length}`) + text],
    ['a coding behind a bare line feed', 400, (text: string) => head('X: y\nTransfer-Encoding: chunked') + chunked(text)],
    ['a coding behind a bare carriage return', 400, (text: string) => head('X: y\rTransfer-Encoding: chunked', `Content-Length: ${text.length}`) + text],
    ['a space before the first header', 400, (text: string) => `POST ${row.path} HTTP/1.1\r\n Host: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`],
    ['chunks in HTTP/1.0', 400, (text: string) => head('Transfer-Encoding: chunked', 'Connection: keep-alive').replace('HTTP/1.1', 'HTTP/1.0') + chunked(text)],
    ['one length twice', 400, (text: string) => head(`Content-Length: ${text.length}`, `Content-Length: ${text.length}`) + text],
    ['a list of lengths', 400, (text: string) => head(`Content-Length: ${text.length}, ${text.length}`) + text],
    ['a signed length', 400, (text: string) => head(`Content-Length: +${text.length}`) + text],
    ['a negative length', 400, () => head('Content-Length: -1')],
    ['a length in hexadecimal', 400, () => head('Content-Length: 0x10')],
    ['a length of 2^76', 400, () => head('Content-Length: 75557863725914323419136')],
    ['an empty length', 400, (text: string) => head('Content-Length: ') + text],
    ['a chunk size behind 0x', 400, (text: string) => `${head('Transfer-Encoding: chunked')}0x${chunked(text)}`],
    ['a chunk size that overflows', 400, (text: string) => `${head('Transfer-Encoding: chunked')}ffffffffffffffff${chunked(text)}`],
    ['a chunk size that ends in a line feed', 400, (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace('\r', '')],
    ['a chunk extension that ends in a line feed', 400, (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace('\r\n', ';a\n')],
    ['a chunk without its end', 400, (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace('\r\n0', '0')],
    ['a length among the trailers', 400, (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace(/\r\n$/, 'Content-Length: 5\r\n\r\n')],
    ['two Hosts', 400, (text: string) => head('Host: y', `Content-Length: ${text.length}`) + text],
    ['a NUL in a header', 400, (text: string) => head('X: a\0b', `Content-Length: ${text.length}`) + text],
  ])('(%s) is refused, nothing behind it is read, and nothing reaches an upstream', async (_what, status, bytes) => {
    const before = upstream.requests.length;

    const text = await spoken(bytes(body) + smuggled);

    expect(statusesIn(text)).toEqual([status]);
    expect(upstream.requests.length).toBe(before);
  });

  it.each([
    ['chunks in capitals', (text: string) => head('Transfer-Encoding: CHUNKED') + chunked(text)],
    ['chunks with extensions', (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace('\r\n', ';name="value"\r\n')],
    ['chunks with a trailer', (text: string) => head('Transfer-Encoding: chunked') + chunked(text).replace(/\r\n$/, 'X-Api-Key: stolen\r\n\r\n')],
    ['an underscore where a dash should be', (text: string) => head('Content_Length: 3', `Content-Length: ${text.length}`) + text],
    ['an absolute address', (text: string) => head(`Content-Length: ${text.length}`).replace(row.path, `http://evil.example${row.path}`) + text],
    ['line breaks before it', (text: string) => `\r\n\r\n${head(`Content-Length: ${text.length}`)}${text}`],
    ['zeros before its length', (text: string) => head(`Content-Length: 000${text.length}`) + text],
    ['an upgrade nobody offers', (text: string) => head('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk', `Content-Length: ${text.length}`) + text],
  ])('only if it is read carelessly (%s) goes upstream as one request with one length', async (_what, bytes) => {
    const before = upstream.requests.length;

    const answer = await openRaw(gateway.port, bytes(body)).answer;

    expect(answer).toMatchObject({ status: 200, text: row.body('fine') });
    const seen = upstream.requests.slice(before);
    expect(seen.map((request) => [request.target, request.body.toString()])).toEqual([[row.path, body]]);
    for (const name of ['transfer-encoding', 'trailer', 'upgrade', 'expect']) expect(seen[0]?.values(name)).toEqual([]);
    expect(seen[0]?.values('content-length')).toEqual([String(body.length)]);
    expect(seen[0]?.values('host')).toEqual([`127.0.0.1:${upstream.port}`]);
    expect(seen[0]?.headerLines.join()).not.toContain('stolen');
  });

  it('is not what requests sent one behind another are: each gets its own answer, in order', async () => {
    const once = head(`Content-Length: ${body.length}`) + body;
    const health = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

    const text = await spoken(once + once + head('Content-Length: 1') + 'x' + health);

    expect(statusesIn(text)).toEqual([200, 200, 400, 200]);
  });
});

describe('an absurd request', () => {
  const pathOf = (path: string): string => head(`Content-Length: ${body.length}`).replace(row.path, path) + body;

  it.each([
    ['that climbs', '/v1/../admin/channels', 400],
    ['that climbs in escapes', '/v1/%2E%2e/admin', 400],
    ['that climbs behind a semicolon', '/v1/..;/admin', 400],
    ['that climbs with backslashes', '/v1\\..\\admin', 415],
    ['with a NUL', '/v1/\0', 400],
    ['with a space', '/v1/mess ages', 400],
    ['with a tab', '/v1/mess\tages', 400],
    ['with letters beyond ASCII', '/v1/é', 400],
    ['of 100 000 letters', `/v1/${'a'.repeat(100_000)}`, 431],
  ])('for a path %s is refused', async (_what, path, status) => {
    const before = upstream.requests.length;
    expect((await openRaw(gateway.port, pathOf(path)).answer).status).toBe(status);
    expect(upstream.requests.length).toBe(before);
  });

  it.each([
    ['a model of 1 MB', JSON.stringify({ model: 'm'.repeat(1_000_000) }), 400, 'at most 256 characters'],
    ['a model of control characters', JSON.stringify({ model: 'a\u0000\u001b[31m\r\nX: y' }), 503, 'No channel serves'],
    ['a model of half a surrogate pair', '{"model":"\\ud800"}', 503, 'No channel serves'],
    ['a model that is not UTF-8', Buffer.from('{"model":"\xff\xfe\xc0\x80"}', 'latin1'), 503, 'No channel serves'],
    ['brackets 100 000 deep, never closed', `{"model":"m","x":${'['.repeat(100_000)}`, 400, 'ends at byte'],
    ['nothing but NUL', Buffer.alloc(100_000), 400, 'expected an object'],
    ['UTF-16', Buffer.from('\ufeff{"model":"m"}', 'utf16le'), 400, 'expected an object'],
  ])('with %s is refused with a sentence', async (_what, content, status, sentence) => {
    const answer = await send(gateway.port, { path: row.path, headers: bearer, body: content });

    expect([answer.status, JSON.parse(answer.text).error.message]).toEqual([status, expect.stringContaining(sentence)]);
    // Terminals obey what logs repeat, and a line break would forge a line.
    expect(gateway.process.output).not.toMatch(/\u001b\[31m\r|\r\nX: y/);
  });

  it('with JSON 100 000 deep is relayed as it is: only its top level is our business', async () => {
    const deep = `${body.slice(0, -1)},"x":${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`;
    const before = upstream.requests.length;
    expect((await send(gateway.port, { path: row.path, headers: bearer, body: deep })).status).toBe(200);
    expect(upstream.requests[before]?.body.toString()).toBe(deep);
  });

  it('that unfolds to a thousand times its size is refused with 413, and memory stays', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('{"model":"'), Buffer.alloc(300 * mebibyte, 'x')]));
    const before = gateway.process.residentBytes;
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(gateway.port, { path: row.path, headers: [...bearer, ['Content-Encoding', 'gzip']], body: bomb })));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(413));
    expect(gateway.process.residentBytes - before).toBeLessThan(8 * 16 * mebibyte + 64 * mebibyte);
  });
});

describe('a crowd of clients', () => {
  /** Opens connections from two addresses of this machine, because one may not have all the places. */
  const gather = async (count: number, greeting: string): Promise<readonly Socket[]> => {
    const sockets: Socket[] = [];
    for (let made = 0; made < count; made += 200) {
      const batch = Array.from({ length: Math.min(200, count - made) }, (_, index) => {
        const socket = connect({ port: gateway.port, host: '127.0.0.1', localAddress: index % 2 === 0 ? '127.0.0.2' : '127.0.0.3' });
        socket.on('error', () => undefined);
        sockets.push(socket);
        return new Promise<void>((resolve) => socket.once('connect', () => socket.write(greeting, () => resolve())).once('close', () => resolve()));
      });
      await Promise.all(batch);
    }
    return sockets;
  };
  const stillOpen = (sockets: readonly Socket[]): number => sockets.filter(({ destroyed }) => !destroyed).length;

  it.each([
    [idleConnections, 'says nothing', ''],
    [idleConnections, 'begins its headers', 'POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    // A body that has begun is given room for 256 KiB: beyond 2 047 of them nothing is left of what bodies may take together.
    [Math.min(idleConnections, 2_000), 'begins its body', `POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clientToken}\r\nContent-Length: 5000000\r\n\r\n{"model":`],
  ])(
    'of %d that %s costs a few kilobytes each, and others are served',
    async (count, _what, greeting) => {
      const before = gateway.process.residentBytes;
      const crowd = await gather(count, greeting);
      const startedAt = performance.now();
      const answer = await call(gateway, row, model);
      const servedMs = performance.now() - startedAt;
      const bytesEach = (gateway.process.residentBytes - before) / count;
      const open = stillOpen(crowd);
      for (const socket of crowd) socket.destroy();

      expect(open).toBe(count);
      expect(answer).toMatchObject({ status: 200, text: row.body('fine') });
      expect(bytesEach).toBeLessThan(48 * 1024);
      expect(servedMs).toBeLessThan(5_000);
    },
    120_000,
  );

  it('that leaves in the middle of its uploads is forgotten, and is nobody’s failure', async () => {
    const part = `${head('Content-Length: 4000000')}{"model":"${'x'.repeat(1_000_000)}`;
    const before = upstream.requests.length;
    for (let round = 0; round < 5; round++) for (const socket of await gather(20, part)) socket.resetAndDestroy();

    const rows = await until('the uploads in the log', async () => {
      const found = await gateway.admin.logRows('status=499&limit=1000');
      return found.length >= 100 ? found : undefined;
    }, 15_000);

    expect(rows.every(({ channel_id, final }) => channel_id === null && final)).toBe(true);
    expect(upstream.requests.length).toBe(before);
    await othersAreServed();
    expect(gateway.process.output).not.toMatch(/ERROR|uncaught/);
  });
});
