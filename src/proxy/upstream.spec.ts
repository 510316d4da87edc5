import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { startBusyListener } from '../../test/support/busy-listener.js';
import { closedPortUrl, startTlsUpstream, startUpstream, type FakeUpstream } from '../../test/support/fake-upstream.js';
import { garbage, head, json, silence, type Script } from '../../test/support/script.js';
import { until } from '../../test/support/until.js';
import { Outbox, type Sender } from './outbox.js';
import { isProtocolError, unreachableCause } from './transport-errors.js';
import { idleConnectionsPerOriginMax, Upstreams, type Lease } from './upstream.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const fake = async (...scripts: readonly Script[]): Promise<FakeUpstream> => {
  const upstream = await startUpstream(scripts);
  closers.push(() => upstream.close());
  return upstream;
};

const newUpstreams = (connectTimeoutMs = 2_000, outbox = new Outbox()): Upstreams => {
  const upstreams = new Upstreams(connectTimeoutMs, outbox);
  closers.unshift(() => upstreams.close());
  return upstreams;
};

interface Exchanged {
  readonly status: number;
  readonly text: string;
  readonly error: Error | undefined;
}

/** Sends one request over a lease and tells how it ended; the lease is still open afterwards. */
const exchange = (lease: Lease, onEnd: () => void = () => undefined, body: string | Buffer = '{}'): Promise<Exchanged> =>
  new Promise((resolve) => {
    let [status, text] = [0, ''];
    lease.dispatch(
      { path: '/v1/messages', method: 'POST', headers: ['content-type', 'application/json'], body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => void (status = statusCode),
        onResponseData: (_controller, chunk) => void (text += chunk.toString()),
        onResponseEnd: () => {
          onEnd();
          resolve({ status, text, error: undefined });
        },
        onResponseError: (_controller, error) => resolve({ status, text, error }),
      },
    );
  });

/** One request that is over and has given its connection back. */
const served = async (upstreams: Upstreams, url: string): Promise<Exchanged> => {
  const lease = upstreams.lend(url, false);
  return exchange(lease, () => lease.giveBack());
};

const ok = json(200, { ok: true });

/** What comes back sets the time of day, so many ms from now; the clock that measures durations goes on. */
const movableClock = (): ((ms: number) => void) => {
  const timeOfDay = jest.spyOn(Date, 'now');
  closers.unshift(() => timeOfDay.mockRestore());
  const now = Date.now();
  return (ms) => void timeOfDay.mockReturnValue(now + ms);
};

describe('a connection to an upstream', () => {
  it('is written to when the outbox says so, where it is open already', async () => {
    const upstream = await fake(ok, ok);
    const held: Sender[] = [];
    const upstreams = newUpstreams(2_000, Object.assign(new Outbox(), { add: (sender: Sender) => void held.push(sender) }));
    await served(upstreams, upstream.url);
    const second = served(upstreams, upstream.url);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const arrived = upstream.requests.length;
    for (const sender of held) sender.send();
    expect([arrived, held.length, (await second).status]).toEqual([1, 1, 200]);
  });

  it('serves one request after the other', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    for (let i = 0; i < 5; i++) expect((await served(upstreams, upstream.url)).status).toBe(200);
    expect([upstream.requests.length, upstream.connections, upstreams.openConnections]).toEqual([5, 1, 1]);
  });

  it('serves one request at a time: a second one gets a connection of its own', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    await Promise.all([served(upstreams, upstream.url), served(upstreams, upstream.url)]);
    expect(upstream.connections).toBe(2);
  });

  it('is a new one where a fresh one is demanded, although others are idle', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    await served(upstreams, upstream.url);
    const lease = upstreams.lend(upstream.url, true);
    await exchange(lease, () => lease.giveBack());
    expect(upstream.connections).toBe(2);
  });

  it('is not shared between origins', async () => {
    const [a, b, upstreams] = [await fake(ok), await fake(ok), newUpstreams()];
    await served(upstreams, a.url);
    await served(upstreams, b.url);
    expect([a.connections, b.connections]).toEqual([1, 1]);
  });

  it('never follows a redirect', async () => {
    const target = await fake(ok);
    const [upstream, upstreams] = [await fake(json(302, {}, [['location', `${target.url}/elsewhere`]])), newUpstreams()];
    expect((await served(upstreams, upstream.url)).status).toBe(302);
    expect([upstream.requests.length, target.requests.length]).toEqual([1, 0]);
  });

  it('is kept idle only in bounded numbers', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const leases = Array.from({ length: idleConnectionsPerOriginMax + 4 }, () => upstreams.lend(upstream.url, false));
    await Promise.all(leases.map((lease) => exchange(lease)));
    expect(upstreams.openConnections).toBe(idleConnectionsPerOriginMax + 4);
    for (const lease of leases) lease.giveBack();
    expect(upstreams.openConnections).toBe(idleConnectionsPerOriginMax);
  });
});

describe('a connection is not used again', () => {
  it('when the upstream closed it while it was idle', async () => {
    const [upstream, upstreams] = [await fake(ok.close()), newUpstreams()];
    await served(upstreams, upstream.url);
    await until('the connection to be forgotten', () => (upstreams.openConnections === 0 ? true : undefined));
    expect((await served(upstreams, upstream.url)).status).toBe(200);
    expect(upstream.connections).toBe(2);
  });

  it('when the machine has slept since, because nobody was there to hear that it was closed', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const setClockOn = movableClock();
    await served(upstreams, upstream.url);
    setClockOn(60_000);
    expect((await served(upstreams, upstream.url)).status).toBe(200);
    expect(upstream.connections).toBe(2);
    await until('the old connection to be closed', () => (upstreams.openConnections === 1 ? true : undefined));
  });

  it('unless the clock was only put right by a little, or back', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const setClockOn = movableClock();
    await served(upstreams, upstream.url);
    for (const ms of [2_000, -3_600_000]) {
      setClockOn(ms);
      expect((await served(upstreams, upstream.url)).status).toBe(200);
    }
    expect(upstream.connections).toBe(1);
  });

  it('when the answer said "Connection: close", not even by whoever asks in the same moment', async () => {
    const [upstream, upstreams] = [await fake(json(200, {}, [['connection', 'close']])), newUpstreams()];
    const next: Promise<Exchanged>[] = [];
    const lease = upstreams.lend(upstream.url, false);
    await exchange(lease, () => {
      lease.giveBack();
      next.push(served(upstreams, upstream.url));
    });
    expect((await next[0])?.status).toBe(200);
    expect(upstream.connections).toBe(2);
  });

  it('when the upstream answered before it had read the request, and stopped reading', async () => {
    const bad = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nbad';
    const connections: Socket[] = [];
    const server = createServer((socket) => {
      connections.push(socket.on('error', () => undefined));
      socket.once('data', () => socket.pause().write(bad));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close(), () => connections.forEach((socket) => socket.destroy()));
    const [url, upstreams] = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, newUpstreams()];
    const lease = upstreams.lend(url, false);
    expect((await exchange(lease, () => lease.giveBack(), Buffer.alloc(20_000_000))).status).toBe(400);
    expect((await served(upstreams, url)).status).toBe(400);
    expect(connections).toHaveLength(2);
  });

  it('when it was discarded: the upstream sees it close within moments', async () => {
    const [upstream, upstreams] = [await fake(silence()), newUpstreams()];
    const lease = upstreams.lend(upstream.url, false);
    const exchanged = exchange(lease);
    const { receivedAt } = await upstream.received(1);
    lease.discard();
    expect((await upstream.hungUp(0)) - receivedAt).toBeLessThan(1_000);
    expect((await exchanged).error).toBeDefined();
    expect(upstreams.openConnections).toBe(0);
  });

  it('when it was discarded before it was made', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const lease = upstreams.lend(upstream.url, false);
    const exchanged = exchange(lease);
    lease.discard();
    expect((await exchanged).error).toBeDefined();
    expect([upstream.requests.length, upstreams.openConnections]).toEqual([0, 0]);
  });

  it('when everything was closed, busy connections included', async () => {
    const [upstream, upstreams] = [await fake(silence()), newUpstreams()];
    const exchanged = exchange(upstreams.lend(upstream.url, false));
    await upstream.received(1);
    upstreams.close();
    expect((await exchanged).error).toBeDefined();
    expect(upstreams.openConnections).toBe(0);
  });
});

describe('a loan ends once', () => {
  it('what was given back is not torn down by a late discard', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const lease = upstreams.lend(upstream.url, false);
    await exchange(lease, () => lease.giveBack());
    lease.discard();
    expect((await served(upstreams, upstream.url)).status).toBe(200);
    expect(upstream.connections).toBe(1);
  });

  it('what was discarded does not come back', async () => {
    const [upstream, upstreams] = [await fake(ok), newUpstreams()];
    const lease = upstreams.lend(upstream.url, false);
    await exchange(lease);
    lease.discard();
    lease.giveBack();
    expect(upstreams.openConnections).toBe(0);
  });
});

describe('who is to blame when a connection breaks without an answer', () => {
  /** The exchange after one that went well on the same connection. */
  const secondOf = async (...scripts: readonly Script[]) => {
    const [upstream, upstreams] = [await fake(...scripts), newUpstreams()];
    await served(upstreams, upstream.url);
    const lease = upstreams.lend(upstream.url, false);
    const exchanged = await exchange(lease);
    return { lease, exchanged, upstream };
  };

  it('nobody, when it had served before and the upstream had let it go', async () => {
    const { lease, exchanged, upstream } = await secondOf(ok.dropNextRequest());
    expect(exchanged.error).toBeDefined();
    expect([lease.isReusedAndSilent, upstream.connections]).toEqual([true, 1]);
  });

  it.each([
    ['reset', silence().reset()],
    ['closed', silence().close()],
  ])('nobody, when it had served before and was %s before a byte came', async (_, script) => {
    const { lease, exchanged } = await secondOf(ok, script);
    expect(exchanged.error).toBeDefined();
    expect(lease.isReusedAndSilent).toBe(true);
  });

  it.each([
    ['half a status line', silence().raw('HTTP/1.1 20').reset()],
    ['a whole head', head(200, [['content-length', '5']]).reset()],
  ])('the channel, when it had served before but %s had come', async (_, script) => {
    const { lease, exchanged } = await secondOf(ok, script);
    expect(exchanged.error).toBeDefined();
    expect(lease.isReusedAndSilent).toBe(false);
  });

  it.each([
    ['reset', silence().reset()],
    ['closed', silence().close()],
    ['half-closed', silence().halfClose()],
  ])('the channel, when a fresh one is %s before a byte came', async (_, script) => {
    const [upstream, upstreams] = [await fake(script), newUpstreams()];
    const lease = upstreams.lend(upstream.url, false);
    expect((await exchange(lease)).error).toBeDefined();
    expect(lease.isReusedAndSilent).toBe(false);
  });
});

describe('a name with several addresses', () => {
  it('is reached at the one that takes its time to answer, although another fails at once', async () => {
    const listener = await startBusyListener(700);
    closers.push(() => listener.close());
    const found = [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }];
    const upstreams = new Upstreams(6_000, new Outbox(), { lookUp: (_name, _options, callback) => callback(null, found) });
    closers.unshift(() => upstreams.close());
    const lease = upstreams.lend(`http://distant.test:${listener.port}`, false);
    const began = new Promise((resolve) => {
      lease.dispatch(
        { path: '/', method: 'POST', headers: [], body: '{}' },
        { onRequestStart: () => resolve('connected'), onResponseStart: () => undefined, onResponseError: (_controller, error) => resolve(error) },
      );
    });
    expect(await began).toBe('connected');
    lease.discard();
  });
});

describe('no connection at all', () => {
  const causeAt = async (url: string, connectTimeoutMs = 2_000): Promise<string> => {
    const lease = newUpstreams(connectTimeoutMs).lend(url, false);
    const { error } = await exchange(lease);
    lease.discard();
    return error === undefined ? 'none' : unreachableCause(error);
  };

  it('because nobody listens there', async () => {
    expect(await causeAt(await closedPortUrl())).toBe('refused');
  });

  it('because nobody vouches for the certificate', async () => {
    const upstream = await startTlsUpstream([ok]);
    closers.push(() => upstream.close());
    expect(await causeAt(upstream.url)).toBe('tls');
    expect(upstream.requests).toEqual([]);
  });

  it('because the other side does not speak TLS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n').on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    expect(await causeAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).toBe('tls');
  });

  it('because it takes too long, TLS included', async () => {
    const upstream = await fake(silence());
    expect(await causeAt(upstream.url.replace('http:', 'https:'), 100)).toBe('connect-timeout');
  });

  it.each([
    ['a banner', 'SSH-2.0-OpenSSH_9.7\r\n'],
    ['another version', 'HTTP/9.9 200 OK\r\n\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('is another thing than bytes that are not HTTP: %s', async (_, bytes) => {
    const [upstream, upstreams] = [await fake(garbage(bytes)), newUpstreams()];
    const { error } = await exchange(upstreams.lend(upstream.url, false));
    expect(isProtocolError(error)).toBe(true);
  });
});
