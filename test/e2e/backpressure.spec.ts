import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestBytes, send } from '../support/client.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { flood, head } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const mebibyte = 1024 * 1024;
const totalBytes = 200 * mebibyte;

/** Waits until a number has stopped growing for 300 ms. */
const atRest = (read: () => number): Promise<number> =>
  until('the sender to rest', async () => {
    const before = read();
    await sleep(300);
    return read() === before ? before : undefined;
  });

describe('a client that stops reading', () => {
  it('stops the upstream, costs the gateway no memory, and gets the rest when it goes on', async () => {
    const sent = { bytes: 0 };
    const upstream = await gateway.upstream(flood(totalBytes, sent));
    const { model } = await gateway.serve(upstream.url);
    const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;
    const residentBefore = gateway.process.residentBytes;
    let receivedBytes = 0;
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(requestBytes(gateway.port, { path: '/v1/files/content', headers: bearer, body: JSON.stringify({ model }) }));
    await new Promise((resolve) => socket.once('readable', resolve));

    const sentAtRest = await atRest(() => sent.bytes);
    const residentAtRest = gateway.process.residentBytes;
    socket.on('data', (bytes) => (receivedBytes += bytes.length));
    await until('all bytes', () => (receivedBytes >= totalBytes ? true : undefined), 15_000);
    const residentAfter = gateway.process.residentBytes;
    socket.destroy();

    // What the upstream could send meanwhile lies in the socket buffers of the kernel.
    expect(sentAtRest).toBeLessThan(32 * mebibyte);
    expect((residentAtRest - residentBefore) / mebibyte).toBeLessThan(64);
    expect((residentAfter - residentBefore) / mebibyte).toBeLessThan(64);
  });

  it('and then leaves ends the upstream request within a second', async () => {
    const sent = { bytes: 0 };
    const upstream = await gateway.upstream(flood(totalBytes, sent));
    const { model } = await gateway.serve(upstream.url);
    const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(requestBytes(gateway.port, { path: '/v1/files/content', headers: bearer, body: JSON.stringify({ model }) }));
    await new Promise((resolve) => socket.once('readable', resolve));
    await atRest(() => sent.bytes);

    const leftAt = Date.now();
    socket.destroy();

    expect((await upstream.hungUp(0)) - leftAt).toBeLessThan(1_000);
    expect(await gateway.logRowsOf(model)).toMatchObject([{ final: true, status_code: 499 }]);
  });
});

describe('an answer without a length, which ends with its connection', () => {
  const closing = [['content-type', 'application/json'], ['connection', 'close']] as const;
  const textOf = (bytes: number): string => JSON.stringify({ type: 'message', content: ['x'.repeat(bytes)] });

  // The end comes while the gateway has told the upstream's parser to wait, or not, as it happens.
  it.each([100_000, 300_000, 1_200_000])('of %i bytes comes to its end, however often it had to wait for the client', async (bytes) => {
    const text = textOf(bytes);
    const upstream = await gateway.upstreamThat(() => head(200, closing).raw(text).close());
    const { model } = await gateway.serve(upstream.url);
    for (let i = 0; i < 10; i++) {
      const answer = await send(gateway.port, { path: '/v1/messages', headers: [['Authorization', `Bearer ${clientToken}`]], body: JSON.stringify({ model }) });
      expect([answer.status, answer.isComplete, answer.text === text]).toEqual([200, true, true]);
      expect(answer.tookMs).toBeLessThan(5_000);
    }
    expect(gateway.process.output).not.toContain('AssertionError');
  }, 60_000);

  it('comes to its end when the client reads only after the upstream has gone', async () => {
    const text = textOf(3_000_000);
    const upstream = await gateway.upstream(head(200, closing).raw(text).close());
    const { model } = await gateway.serve(upstream.url);
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(requestBytes(gateway.port, { path: '/v1/messages', headers: [['Authorization', `Bearer ${clientToken}`]], body: JSON.stringify({ model }) }));
    await sleep(1_000);
    let received = 0;
    socket.on('data', (chunk) => (received += chunk.length));
    await until('all bytes', () => (received > text.length ? true : undefined), 5_000);
    expect(await gateway.logRowsOf(model)).toMatchObject([{ final: true, status_code: 200 }]);
    socket.destroy();
  });

  it('is broken when a reset ends it', async () => {
    const upstream = await gateway.upstream(head(200, closing).raw(textOf(3_000_000).slice(0, -10)).wait(300).reset());
    const { model } = await gateway.serve(upstream.url);
    const socket = connect(gateway.port, '127.0.0.1').on('error', () => undefined);
    socket.write(requestBytes(gateway.port, { path: '/v1/messages', headers: [['Authorization', `Bearer ${clientToken}`]], body: JSON.stringify({ model }) }));
    await sleep(1_000);
    socket.on('data', () => undefined);
    expect(await gateway.logRowsOf(model)).toMatchObject([{ final: true, status_code: 502 }]);
    expect(gateway.process.output).not.toContain('AssertionError');
    socket.destroy();
  });
});
