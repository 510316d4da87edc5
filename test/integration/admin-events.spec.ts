import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventFeed } from '../../src/events/event-feed.js';
import { readersMax } from '../../src/events/event-readers.js';
import { CallFanout } from '../../src/logs/call-fanout.js';
import { InFlight } from '../../src/proxy/in-flight.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { attemptRecord } from '../support/attempt-record.js';
import { until } from '../support/until.js';

let admin: AdminUnderTest;
let server: Server;
let cookie = '';
beforeAll(async () => {
  admin = await startAdmin();
  server = createServer(admin.app.getHttpAdapter().getInstance());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const login = await admin.anonymous.post('/login').send({ password: 'correct horse' }).expect(200);
  cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Somebody who listens; `text` is all that was heard. */
class Listener {
  text = '';
  hasEnded = false;
  constructor(readonly answer: IncomingMessage) {
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => (this.text += text));
    answer.on('close', () => (this.hasEnded = true));
    answer.on('error', () => undefined);
  }
  leave(): void {
    this.answer.destroy();
  }
  /** The data of the first event of that name. */
  heard(name: string): Promise<Record<string, unknown>> {
    return until(`an event ${name}`, () => {
      const data = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(this.text)?.[1];
      return data === undefined ? undefined : (JSON.parse(data) as Record<string, unknown>);
    });
  }
}

const request = (headers: Record<string, string> = { cookie }, method = 'GET'): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: '127.0.0.1', path: '/admin/events', headers, method, agent: false }, (answer) => resolve(new Listener(answer))).on('error', reject);
  });

const nobodyListens = (): Promise<unknown> => until('everybody to leave', () => (admin.app.get(EventFeed).size === 0 ? true : undefined));

describe('events', () => {
  it('are for operators', async () => {
    const stranger = await request({});
    expect(stranger.answer.statusCode).toBe(401);
    expect(admin.app.get(EventFeed).size).toBe(0);
  });

  it('begin at once with what is under way', async () => {
    const listener = await request();
    expect(listener.answer.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    expect(await listener.heard('live')).toEqual({ total: 0, calls: [] });
    listener.leave();
    await nobodyListens();
  });

  it('tell of a request that has ended, by its final row and without what is not stored yet', async () => {
    const listener = await request();
    admin.app.get(CallFanout).record([
      attemptRecord({ requestId: 'first', final: false }),
      attemptRecord({ requestId: 'last', model: '<script>\n\n\u202e</script>', trace: [{ channelId: 1, channelName: 'a', note: 'x' }] }),
    ]);
    const row = await listener.heard('log');
    expect(row).toMatchObject({ request_id: 'last', model: '<script>\n\n\u202e</script>', trace: [{ note: 'x' }] });
    expect(row).not.toHaveProperty('id');
    expect(listener.text).not.toContain('"first"');
    listener.leave();
    await nobodyListens();
  });

  it('tell of a cooldown that begins and of one that is lifted', async () => {
    const { body } = await admin.operator.post('/admin/channels').send(aChannel()).expect(201);
    const listener = await request();
    await admin.operator.post(`/admin/channels/${body.data.id}/cooldown`).send({ duration_ms: 60_000 });
    expect(await listener.heard('cooldown')).toMatchObject({ channel_id: body.data.id, model: null, until: expect.any(Number) });
    listener.text = '';
    await admin.operator.delete(`/admin/channels/${body.data.id}/cooldown`);
    expect(await listener.heard('cooldown')).toMatchObject({ channel_id: body.data.id, until: null, reason: null });
    listener.leave();
    await nobodyListens();
  });

  it('show calls under way, and once that there are none any more', async () => {
    const call = {
      requestId: 'live-1', receivedAt: 5, model: 'm', isStreaming: true, channelId: 3, attempt: 1, committedAt: 9, bytes: 42,
    };
    const listener = await request();
    await listener.heard('live');
    const inFlight = admin.app.get(InFlight, { strict: false });
    inFlight.enter(call as never);
    listener.text = '';
    expect(await listener.heard('live')).toEqual({
      total: 1,
      calls: [{ request_id: 'live-1', received_at: 5, model: 'm', is_streaming: true, channel_id: 3, attempt: 1, committed_at: 9, bytes: 42 }],
    });
    inFlight.leave(call as never);
    listener.text = '';
    expect(await listener.heard('live')).toEqual({ total: 0, calls: [] });
    listener.leave();
    await nobodyListens();
  });

  it('have no body for HEAD, and nobody listens to it', async () => {
    const head = await request({ cookie }, 'HEAD');
    expect(head.answer.statusCode).toBe(200);
    await until('the end', () => (head.hasEnded ? true : undefined));
    expect(admin.app.get(EventFeed).size).toBe(0);
  });

  it('refuse whoever is one too many, and take them when another has left', async () => {
    const listeners = await Promise.all(Array.from({ length: readersMax }, () => request()));
    const late = await request();
    expect([late.answer.statusCode, late.answer.headers['retry-after']]).toEqual([503, '10']);
    listeners[0]?.leave();
    await until('a place', () => (admin.app.get(EventFeed).size < readersMax ? true : undefined));
    const next = await request();
    expect(next.answer.statusCode).toBe(200);
    for (const listener of [...listeners, next]) listener.leave();
    await nobodyListens();
  });

  it('let a reader go who does not read', async () => {
    const feed = admin.app.get(EventFeed);
    const before = feed.dropped;
    const slow = await request();
    slow.answer.pause();
    const fat = 'x'.repeat(2_000);
    await until('the reader to be let go', () => {
      for (let at = 0; at < 200; at += 1) feed.record([attemptRecord({ model: fat })]);
      return feed.dropped > before ? true : undefined;
    });
    expect(feed.size).toBe(0);
    slow.leave();
  });

  it('cost nothing while nobody listens', () => {
    const feed = admin.app.get(EventFeed);
    feed.record([attemptRecord()]);
    expect(feed.size).toBe(0);
  });

  it('end when the program ends', async () => {
    const listener = await request();
    await listener.heard('live');
    admin = await admin.restarted();
    await until('the end', () => (listener.hasEnded ? true : undefined));
  });
});
