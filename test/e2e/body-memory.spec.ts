import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRaw, requestBytes, send, type Exchange } from '../support/client.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { flood, json } from '../support/script.js';
import { until } from '../support/until.js';

const mebibyte = 1024 * 1024;
const roomBytes = 64 * mebibyte;
const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODIES_BYTES: String(roomBytes), MAX_BODY_BYTES: String(roomBytes) } });
});
afterAll(() => gateway.end());

const bodyOf = (model: string, bytes: number): string => {
  const frame = JSON.stringify({ model, messages: '' });
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
};

const heldBytes = async (): Promise<number> => {
  const { text } = await send(gateway.port, { method: 'GET', path: '/metrics' });
  return Number(/^ccload_request_body_bytes (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
};

/** Sends all of a body but its last byte, and waits until the gateway holds it. */
const beginBody = async (body: string): Promise<Exchange> => {
  const exchange = openRaw(gateway.port, requestBytes(gateway.port, { path: '/v1/messages', headers: bearer, body }).subarray(0, -1));
  exchange.answer.catch(() => undefined);
  await until('the body to be held', async () => ((await heldBytes()) >= body.length - 1 ? true : undefined));
  return exchange;
};

describe('the bodies of all requests together', () => {
  it('turn a body away when they have taken what memory there is, and let it in when one of them has gone', async () => {
    const { model } = await gateway.serve((await gateway.upstream(json(200, { type: 'message', content: [{}] }))).url);
    const first = await beginBody(bodyOf(model, 40 * mebibyte));
    const body = bodyOf(model, 30 * mebibyte);

    const refused = await send(gateway.port, { path: '/v1/messages', headers: bearer, body });
    first.leave();
    await until('the first body to be let go', async () => ((await heldBytes()) === 0 ? true : undefined));
    const served = await send(gateway.port, { path: '/v1/messages', headers: bearer, body });

    expect(refused.status).toBe(503);
    expect(refused.header('retry-after')).toBe('1');
    expect(refused.text).toContain('as many request bodies as its memory allows');
    expect(served.status).toBe(200);
  });

  it('leave small requests alone while they are at their bound', async () => {
    const { model } = await gateway.serve((await gateway.upstream(json(200, { type: 'message', content: [{}] }))).url);
    const large = await beginBody(bodyOf(model, 60 * mebibyte));

    const small = await send(gateway.port, { path: '/v1/messages', headers: bearer, body: bodyOf(model, 2_000) });
    large.leave();

    expect(small.status).toBe(200);
  });
});

describe('bodies that are small as they come and large as they are read', () => {
  it('count as they are read: those without room are turned away, and memory stays', async () => {
    const { model } = await gateway.serve((await gateway.upstreamThat(() => json(200, { type: 'message', content: [{}] }))).url);
    const coded = { path: '/v1/messages', headers: [...bearer, ['Content-Encoding', 'gzip']] as const, body: gzipSync(bodyOf(model, 30 * mebibyte)) };
    const residentBefore = gateway.process.residentBytes;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, gateway.process.residentBytes)), 20);

    const answers = await Promise.all(Array.from({ length: 16 }, () => send(gateway.port, coded)));
    clearInterval(watch);
    await until('nothing to be held', async () => ((await heldBytes()) === 0 ? true : undefined));

    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    // Without the bound it is half a gigabyte and more.
    expect((most - residentBefore) / mebibyte).toBeLessThan(300);
    expect((await send(gateway.port, coded)).status).toBe(200);
  });
});

describe('a crowd of twenty bodies of 50 MB and fifty clients that do not read', () => {
  it('leaves the process within its bounds, and nothing behind', async () => {
    const sent = { bytes: 0 };
    const flooding = await gateway.serve((await gateway.upstream(flood(200 * mebibyte, sent))).url);
    const residentBefore = gateway.process.residentBytes;
    const deaf = Array.from({ length: 50 }, () => {
      const exchange = openRaw(gateway.port, requestBytes(gateway.port, { path: '/v1/files', headers: bearer, body: bodyOf(flooding.model, 100) }));
      exchange.answer.catch(() => undefined);
      exchange.pause();
      return exchange;
    });
    const body = requestBytes(gateway.port, { path: '/v1/messages', headers: bearer, body: bodyOf('nobody serves this', 50_000_000) });

    let residentAtMost = residentBefore;
    const watch = setInterval(() => (residentAtMost = Math.max(residentAtMost, gateway.process.residentBytes)), 20);
    const answers = await Promise.all(Array.from({ length: 20 }, () => openRaw(gateway.port, body).answer));
    clearInterval(watch);
    for (const each of deaf) each.leave();
    await until('every body to be let go', async () => ((await heldBytes()) === 0 ? true : undefined));

    // Whether a body finds room or not, it is answered: nobody serves that model, or there was no memory for it.
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    // The bound itself, what the kernel had handed over already, and 50 streams that wait: not the gigabyte that was sent.
    expect((residentAtMost - residentBefore) / mebibyte).toBeLessThan(250);
  });
});
