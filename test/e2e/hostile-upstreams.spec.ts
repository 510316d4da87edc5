import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { begin, call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { chunkedHead, garbage, json, reply, Script } from '../support/script.js';

const mebibyte = 1024 * 1024;
/** More than an idle gateway's memory ever wavers, and far less than what the attacks below send. */
const growthBytesMax = 160 * mebibyte;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { RESPONSE_TIMEOUT_MS: '4000', FIRST_EVENT_TIMEOUT_MS: '2000' } });
  // The first answers load code and grow the heap; what is measured below should be the attack.
  const warm = await gateway.upstream(row.answers('warm'));
  const { model } = await gateway.serve(warm.url);
  for (let turn = 0; turn < 20; turn++) await call(gateway, row, model);
});
afterAll(() => gateway.end());

const row = rowFor('openai', false);
const streamed = rowFor('anthropic', true);
const body = row.body('first');
const framed = (...headerLines: readonly string[]): string => ['HTTP/1.1 200 OK', 'content-type: application/json', ...headerLines, '', ''].join('\r\n');
const chunked = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** Writes `block` again and again, as fast as it is taken, until the gateway hangs up or `bytesMax` have left. */
const pouring = (block: string | Buffer, bytesMax: number, sent = { bytes: 0 }): Script => {
  const pour = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (error?: Error | null): void => {
        if (error) reject(error);
        else if (sent.bytes >= bytesMax) resolve();
        else {
          sent.bytes += block.length;
          socket.write(block, next);
        }
      };
      next();
    });
  return new Script([pour], 'stall');
};

/** How much more memory the gateway holds after `attack` than before, at its worst; looked at every few milliseconds. */
const growthDuring = async <T>(attack: () => Promise<T>): Promise<{ readonly bytes: number; readonly result: T }> => {
  const before = gateway.process.residentBytes;
  let most = before;
  const look = setInterval(() => (most = Math.max(most, gateway.process.residentBytes)), 20);
  const result = await attack().finally(() => clearInterval(look));
  return { bytes: Math.max(most, gateway.process.residentBytes) - before, result };
};

/** Another client, with a channel of its own. */
const othersAreServed = async (): Promise<void> => {
  const { model } = await gateway.serve((await gateway.upstream(row.answers('other'))).url);
  const answer = await call(gateway, row, model);
  expect(answer).toMatchObject({ status: 200, text: row.body('other') });
};

describe('an answer whose length can be understood in two ways', () => {
  it.each([
    ['a length before chunks', framed('content-length: 5', 'transfer-encoding: chunked') + chunked],
    ['a length behind chunks', framed('transfer-encoding: chunked', 'content-length: 5') + chunked],
    ['two lengths', framed(`content-length: ${Buffer.byteLength(body)}`, 'content-length: 5') + body],
    ['a list of lengths', framed(`content-length: ${Buffer.byteLength(body)}, 5`) + body],
    ['a signed length', framed(`content-length: +${Buffer.byteLength(body)}`) + body],
    ['a negative length', framed('content-length: -1') + body],
    ['a length in hexadecimal', framed('content-length: 0x5') + body],
    ['a folded length', framed('content-length:', ` ${Buffer.byteLength(body)}`) + body],
    ['a coding that is none', framed('transfer-encoding: identity', 'content-length: 5') + body],
    ['chunks that are not the last coding', framed('transfer-encoding: chunked, identity', 'content-length: 5') + body],
    ['a space before the colon', framed('content-length : 5') + body],
    ['a chunk size that is none', `${framed('transfer-encoding: chunked')}zz\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk of 2^72 bytes', `${framed('transfer-encoding: chunked')}ffffffffffffffffff\r\n${body}\r\n0\r\n\r\n`],
    ['line feeds alone', framed(`content-length: ${Buffer.byteLength(body)}`).replaceAll('\r', '') + body],
  ])('(%s) is none: another channel gives one', async (_what, bytes) => {
    const first = await gateway.upstream(garbage(bytes));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.body('second') });
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records.map(({ status_code }) => status_code)).toEqual([502, 200]);
  });
});

describe('a reason phrase', () => {
  it.each([
    ['in Chinese passes as it is', Buffer.from('成功'), Buffer.from('成功').toString('latin1')],
    ['that is empty is none', Buffer.from(''), ''],
    ['in Latin-1 is left out', Buffer.from('Grüße', 'latin1'), ''],
    ['with control characters is left out', Buffer.from('O\u0001K'), ''],
  ])('%s', async (_what, phrase, expected) => {
    const bytes = (status: number, text: string): Buffer =>
      Buffer.concat([Buffer.from(`HTTP/1.1 ${status} `), phrase, Buffer.from(`\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)]);
    const { model: served } = await gateway.serve((await gateway.upstream(new Script(garbage(bytes(200, body)).steps, 'keep-alive'))).url);
    const { model: refused } = await gateway.serve((await gateway.upstream(new Script(garbage(bytes(400, '{}')).steps, 'keep-alive'))).url);

    for (const [model, status, text] of [[served, 200, body], [refused, 400, '{}']] as const) {
      const answer = await call(gateway, row, model);
      expect(answer).toMatchObject({ status, isComplete: true, text });
      expect(answer.startLine).toBe(`HTTP/1.1 ${status} ${expected}`);
    }
  });
});

describe('what an upstream says about our origin', () => {
  const sayings = [
    ['set-cookie', 'ccload_session=theirs; Path=/'],
    ['clear-site-data', '"*"'],
    ['alt-svc', 'h3="evil.example:443"'],
    ['strict-transport-security', 'max-age=63072000'],
    ['access-control-allow-origin', '*'],
    ['x-accel-redirect', '/private/key'],
  ] as const;

  it.each([
    [200, body],
    [400, '{"error":{"message":"no","type":"invalid_request_error"}}'],
  ])('does not reach a browser (answer %d)', async (status, text) => {
    const { model } = await gateway.serve((await gateway.upstream(json(status, text, sayings))).url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status, text });
    for (const [name] of sayings) expect([name, answer.values(name)]).toEqual([name, []]);
  });
});

describe('an upstream', () => {
  it('whose headers never end is hung up on after a few kilobytes', async () => {
    const sent = { bytes: 0 };
    const first = await gateway.upstream(garbage('HTTP/1.1 200 OK\r\n').followedBy(pouring('x-more: of this\r\n'.repeat(100), 100 * mebibyte, sent)));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);

    expect(await call(gateway, row, model)).toMatchObject({ status: 200, text: row.body('second') });
    await first.hungUp(0);
    // What the kernel's buffers hold has been sent too, though nobody read it.
    expect(sent.bytes).toBeLessThan(20 * mebibyte);
  });

  it('whose trailers never end breaks its own answer off and nothing else', async () => {
    const sent = { bytes: 0 };
    const script = chunkedHead(200, [['content-type', 'application/json']]).chunk(body).raw('0\r\n').followedBy(pouring('x-more: of this\r\n'.repeat(100), 100 * mebibyte, sent));
    const { model } = await gateway.serve((await gateway.upstream(script)).url);

    expect(await call(gateway, row, model)).toMatchObject({ status: 200, isComplete: false, text: body });
    expect(sent.bytes).toBeLessThan(20 * mebibyte);
  });

  it('that sends nothing but interim answers is given up when its time is over; memory stays, and others are served', async () => {
    const storm = await gateway.upstream(pouring('HTTP/1.1 102 Processing\r\nx: y\r\n\r\n'.repeat(500), 2_000 * mebibyte));
    const { model } = await gateway.serve(storm.url);

    const { bytes, result } = await growthDuring(async () => {
      const attacked = begin(gateway, streamed, model).answer;
      await storm.received(1);
      await othersAreServed();
      return attacked;
    });

    expect(result.status).toBe(504);
    expect(bytes).toBeLessThan(growthBytesMax);
    await storm.hungUp(0);
  });

  it.each([
    ['one event', 'data: x'.repeat(10_000)],
    ['comments', `: ${'x'.repeat(1_000)}\n`.repeat(64)],
    ['empty data lines', 'data\n'.repeat(10_000)],
    ['blank lines', '\n'.repeat(60_000)],
  ])('whose stream is %s without end does not grow the gateway', async (_what, block) => {
    const script = chunkedHead(200, [['content-type', 'text/event-stream']]);
    const chunk = `${block.length.toString(16)}\r\n${block}\r\n`;
    const endless = await gateway.upstream(script.followedBy(pouring(chunk, 150 * mebibyte)));
    const { model } = await gateway.serve(endless.url);

    const { bytes } = await growthDuring(async () => {
      const attacked = begin(gateway, streamed, model);
      attacked.answer.catch(() => undefined);
      await endless.received(1);
      await othersAreServed();
      await new Promise((resolve) => setTimeout(resolve, 500));
      attacked.leave();
      await endless.hungUp(0);
    });

    expect(bytes).toBeLessThan(growthBytesMax);
  });

  it('may not answer before it is asked: what it sends on an idle connection reaches nobody', async () => {
    const forged = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    let closed = (): void => undefined;
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const { steps } = reply(200, [['content-type', 'application/json']], row.body('asked')).wait(50).raw(forged);
    const late = new Script([...steps, (socket) => new Promise((resolve) => socket.once('close', resolve)).then(closed)], 'stall');
    const upstream = await gateway.upstream(late, row.answers('asked again'));
    const { model } = await gateway.serve(upstream.url);

    const before = await call(gateway, row, model);
    await isClosed;
    const after = await call(gateway, row, model);

    expect([before.text, after.text]).toEqual([row.body('asked'), row.body('asked again')]);
  });
});

describe('a body that unfolds to a thousand times its size', () => {
  const bombOf = (prefix: string): Buffer => Buffer.concat([Buffer.from(prefix), Buffer.alloc(300 * mebibyte, ' ')]);

  it.each([
    ['gzip', 'application/json', gzipSync(bombOf('{"id":"x","choices":[{"message":{"content":"'))],
    ['gzip', 'text/event-stream', gzipSync(bombOf(`${rowFor('openai', true).events('x')[0] ?? ''}data: `))],
    ['br', 'application/json', brotliCompressSync(bombOf('{"id":"x","choices":['), { params: { 1: 1 } })],
  ])('is relayed byte by byte and no longer read (%s, %s)', async (coding, type, bomb) => {
    const upstream = await gateway.upstream(reply(200, [['content-type', type], ['content-encoding', coding]], bomb));
    const { model } = await gateway.serve(upstream.url);

    const { bytes, result } = await growthDuring(() => call(gateway, row, model));

    expect([result.status, result.isComplete, result.body.equals(bomb)]).toEqual([200, true, true]);
    expect(bytes).toBeLessThan(growthBytesMax);
    const [record] = await gateway.logRows(result.header('x-ccload-request-id'));
    expect(record).toMatchObject({ status_code: 200, usage_incomplete: true });
  });

  it('is not unfolded to learn why a request was refused', async () => {
    const bomb = gzipSync(bombOf('{"error":{"message":"'));
    const { model } = await gateway.serve((await gateway.upstream(reply(400, [['content-type', 'application/json'], ['content-encoding', 'gzip']], bomb))).url);

    const { bytes, result } = await growthDuring(() => call(gateway, row, model));

    expect([result.status, result.body.equals(bomb)]).toEqual([400, true]);
    expect(bytes).toBeLessThan(growthBytesMax);
  });
});
