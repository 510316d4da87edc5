import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openRaw, type Exchange } from '../../test/support/client.js';
import { BodyBudget, BodyShare } from './body-budget.js';
import { readRequestBody, type BodyLimits, type RequestBody } from './request-body.js';

/** What all bodies may take together here. */
const roomBytes = 1_000;
const patient: BodyLimits = { bytesMax: 100, silenceMs: 2_000, totalMs: 2_000 };

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

/** A server that reads one body within the limits; the client writes what it likes. */
const receive = async (limits: Partial<BodyLimits>, ...lines: readonly string[]) => {
  let tell: (body: Promise<RequestBody>) => void = () => undefined;
  const body = new Promise<RequestBody>((resolve) => {
    tell = resolve;
  });
  server = createServer((request, response) => {
    const reading = readRequestBody(request, { ...patient, ...limits }, new BodyShare(new BodyBudget(roomBytes)));
    tell(reading);
    void reading.then((result) => response.end(result.kind));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client: Exchange = openRaw(port, ['POST /v1/messages HTTP/1.1', 'Host: gateway', ...lines].join('\r\n'));
  return { body, client };
};

const bytesOf = (body: RequestBody): string | undefined => (body.kind === 'body' ? body.bytes.toString() : undefined);

describe('a request body', () => {
  it('is read whole when its length is announced', async () => {
    const { body } = await receive({}, 'Content-Length: 5', '', 'hello');
    expect(bytesOf(await body)).toBe('hello');
  });

  it('is read whole when it comes in chunks and in pieces', async () => {
    const { body, client } = await receive({}, 'Transfer-Encoding: chunked', '', '2\r\nhe\r\n');
    client.write('3\r\nll');
    client.write('o\r\n0\r\n\r\n');
    expect(bytesOf(await body)).toBe('hello');
  });

  it('is empty when there is none', async () => {
    const { body } = await receive({}, '', '');
    expect(bytesOf(await body)).toBe('');
  });

  it('may be exactly as long as is allowed', async () => {
    const { body } = await receive({ bytesMax: 5 }, 'Content-Length: 5', '', 'hello');
    expect(bytesOf(await body)).toBe('hello');
  });
});

describe('a request body is given up', () => {
  it('as too large by its announced length alone, before a byte of it has come', async () => {
    const { body } = await receive({ bytesMax: 5 }, 'Content-Length: 6', '', '');
    expect((await body).kind).toBe('too-large');
  });

  it('as too large by its announced length even where that is beyond all numbers', async () => {
    const { body } = await receive({}, `Content-Length: ${'9'.repeat(18)}`, '', '');
    expect((await body).kind).toBe('too-large');
  });

  it('as too large by what came, when no length was announced', async () => {
    const { body } = await receive({ bytesMax: 5 }, 'Transfer-Encoding: chunked', '', '6\r\nhello!\r\n');
    expect((await body).kind).toBe('too-large');
  });

  it('for want of room when the bodies under way have taken what there is', async () => {
    const { body } = await receive({ bytesMax: 2_000 }, 'Content-Length: 1001', '', 'x'.repeat(1_001));
    expect((await body).kind).toBe('no-room');
  });

  it('as too slow when nothing comes', async () => {
    const { body } = await receive({ silenceMs: 30 }, 'Content-Length: 5', '', '');
    expect((await body).kind).toBe('too-slow');
  });

  it('as too slow when it stops in the middle', async () => {
    const { body } = await receive({ silenceMs: 30 }, 'Content-Length: 5', '', 'he');
    expect((await body).kind).toBe('too-slow');
  });

  it('as too slow when it trickles without end, though never silent', async () => {
    const { body, client } = await receive({ silenceMs: 1_000, totalMs: 120 }, 'Transfer-Encoding: chunked', '', '');
    const trickle = setInterval(() => client.write('1\r\nx\r\n'), 10);
    expect((await body).kind).toBe('too-slow');
    clearInterval(trickle);
  });

  it.each([
    ['before a byte of it has come', ['Content-Length: 5', '', '']],
    ['in its middle', ['Content-Length: 5', '', 'he']],
    ['in the middle of a chunk', ['Transfer-Encoding: chunked', '', '5\r\nhe']],
  ])('when the client leaves %s', async (_, lines) => {
    const { body, client } = await receive({}, ...lines);
    setTimeout(() => client.leave(), 20);
    expect((await body).kind).toBe('client-left');
  });

  it('when its chunks are none', async () => {
    const { body } = await receive({}, 'Transfer-Encoding: chunked', '', 'zz\r\nhello\r\n');
    expect((await body).kind).toBe('client-left');
  });

  it('but not for a pause that is shorter than the allowed silence', async () => {
    const { body, client } = await receive({ silenceMs: 150 }, 'Content-Length: 5', '', 'he');
    setTimeout(() => client.write('l'), 80);
    setTimeout(() => client.write('lo'), 160);
    expect(bytesOf(await body)).toBe('hello');
  });
});
