import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turnEnds } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { open, openRaw, type Exchange } from '../../test/support/client.js';
import { until } from '../../test/support/until.js';
import { Outbox } from './outbox.js';
import { Downstream, type DownstreamListener } from './downstream.js';

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

interface Scene {
  readonly client: Exchange;
  readonly downstream: Downstream;
  readonly outbox: Outbox;
  /** Bytes that the operating system has been given for the client. */
  sentBytes(): number;
}

/** A client connected to a `Downstream` that the test drives. */
const meet = async (connectTo: (port: number) => Exchange = (port) => open(port, { path: '/v1/messages', body: '{}' })): Promise<Scene> => {
  const outbox = new Outbox();
  const response = new Promise<ServerResponse>((resolve) => {
    server = createServer((_request, answer) => resolve(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const client = connectTo((server?.address() as AddressInfo).port);
  const answer = await response;
  const { socket } = answer;
  const sentBytes = (): number => (socket === null ? 0 : socket.bytesWritten - socket.writableLength);
  return { client, downstream: new Downstream(answer, outbox), outbox, sentBytes };
};

const listener = (): DownstreamListener & { drained: number; left: number; cut: number } => ({
  drained: 0,
  left: 0,
  cut: 0,
  clientDrained() {
    this.drained++;
  },
  clientLeft() {
    this.left++;
  },
  cutOff() {
    this.cut++;
  },
});

const chunked = ['content-type', 'text/event-stream'];

describe('the way to the client', () => {
  it('sends status, words and headers as they are: in order, in their case, with their duplicates', async () => {
    const { client, downstream } = await meet();
    downstream.commit(207, 'Quite Fine', ['X-B', '1', 'Set-Cookie', 'a=1', 'x-a', '2', 'set-cookie', 'b=2', 'Date', 'then']);
    downstream.end();
    const { status, headerLines } = await client.answer;
    expect(status).toBe(207);
    expect(headerLines.slice(0, 5)).toEqual(['X-B: 1', 'Set-Cookie: a=1', 'x-a: 2', 'set-cookie: b=2', 'Date: then']);
  });

  it('sends the first bytes before there are others', async () => {
    const { client, downstream } = await meet();
    downstream.commit(200, 'OK', chunked);
    downstream.write('first');
    await client.holds('first');
    expect(client.received().isComplete).toBe(false);
    downstream.end();
    expect((await client.answer).isComplete).toBe(true);
  });

  it('is full when the client does not read, and says when it has room again', async () => {
    const { client, downstream } = await meet();
    const hears = listener();
    downstream.listen(hears);
    client.pause();
    downstream.commit(200, 'OK', chunked);
    let writes = 1;
    while (downstream.write(Buffer.alloc(64 * 1024)) && writes < 1_000) writes++;
    expect([writes < 1_000, hears.drained]).toEqual([true, 0]);
    client.resume();
    await until('room', () => (hears.drained > 0 ? true : undefined));
  });
});

describe('what is written within one turn of the event loop', () => {
  it('leaves when the turn is over, and not before', async () => {
    const { client, downstream, sentBytes } = await meet();
    downstream.commit(200, 'OK', chunked);
    downstream.write('one ');
    downstream.write('two');
    const before = sentBytes();
    await turnEnds();
    expect(before).toBe(0);
    expect(sentBytes()).toBeGreaterThan('one two'.length);
    await client.holds('two');
  });

  it('leaves with the end of the answer, which waits as well', async () => {
    const { client, downstream, sentBytes } = await meet();
    downstream.commit(200, 'OK', ['content-length', '2']);
    downstream.write('ok');
    downstream.end();
    expect(sentBytes()).toBe(0);
    await turnEnds();
    expect(sentBytes()).toBeGreaterThan('ok'.length);
    expect(await client.answer).toMatchObject({ status: 200, isComplete: true });
  });

  it('leaves in full where the answer has nothing but headers', async () => {
    const { client, downstream } = await meet();
    downstream.commit(204, 'No Content', []);
    downstream.end();
    expect(await client.answer).toMatchObject({ status: 204, isComplete: true });
  });

  it('leaves at once when nothing is to be held back any longer', async () => {
    const { client, downstream, outbox, sentBytes } = await meet();
    downstream.commit(200, 'OK', ['content-length', '2']);
    downstream.write('ok');
    downstream.end();
    outbox.sendAll();
    expect(sentBytes()).toBeGreaterThan('ok'.length);
    expect((await client.answer).isComplete).toBe(true);
  });

  it('reaches the client although the answer is broken off in that turn', async () => {
    const { client, downstream } = await meet();
    downstream.commit(200, 'OK', chunked);
    downstream.write('half of it');
    downstream.breakOff();
    const { isComplete } = await client.answer;
    expect([isComplete, client.received().text]).toEqual([false, expect.stringContaining('half of it')]);
  });

  it('is lost without harm when the client leaves in that turn', async () => {
    const { client, downstream } = await meet();
    const hears = listener();
    downstream.listen(hears);
    downstream.commit(200, 'OK', chunked);
    client.leave();
    while (!downstream.hasLeft) {
      downstream.write('too late');
      await turnEnds();
    }
    downstream.end();
    await turnEnds();
    expect(hears.left).toBe(1);
  });
});

describe('an answer that is broken off', () => {
  it.each([
    ['in chunks', chunked],
    ['of a stated length', ['content-length', '100']],
  ])('does not pass for a whole one: %s', async (_, headers) => {
    const { client, downstream } = await meet();
    downstream.commit(200, 'OK', headers);
    downstream.write('half of it');
    await client.holds('half of it');
    downstream.breakOff();
    expect((await client.answer).isComplete).toBe(false);
  });

  it('does not pass for a whole one where only the end of the connection ends it (HTTP/1.0)', async () => {
    const { client, downstream } = await meet((port) => openRaw(port, 'POST /v1/messages HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}'));
    downstream.commit(200, 'OK', ['content-type', 'application/json']);
    downstream.write('{"half": "of it"}');
    await client.holds('half');
    downstream.breakOff();
    expect((await client.answer).isComplete).toBe(false);
  });
});

describe('a client that leaves', () => {
  it.each([
    ['before anything was sent', (): void => undefined],
    ['after the headers', (downstream: Downstream): void => downstream.commit(200, 'OK', chunked)],
    [
      'in the middle of the answer',
      (downstream: Downstream): void => {
        downstream.commit(200, 'OK', chunked);
        downstream.write('half');
      },
    ],
  ])('is noticed, once: %s', async (_, act) => {
    const { client, downstream } = await meet();
    const hears = listener();
    downstream.listen(hears);
    act(downstream);
    client.leave();
    await until('the client to be missed', () => (downstream.hasLeft ? true : undefined));
    expect(hears.left).toBe(1);
  });

  it('is noticed, once, although its answer waits behind others, and costs the connection no listener for longer than that', async () => {
    const responses: ServerResponse[] = [];
    server = createServer((_request, answer) => void responses.push(answer));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const request = 'POST /v1/messages HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n{}';
    const client = openRaw((server.address() as AddressInfo).port, request.repeat(20));
    await until('all requests', () => (responses.length === 20 ? true : undefined));
    const closeListeners = (): number => responses[0]?.req.socket.listenerCount('close') ?? 0;
    const outbox = new Outbox();
    const all = responses.map((response) => ({ downstream: new Downstream(response, outbox), hears: listener() }));
    for (const { downstream, hears } of all) downstream.listen(hears);
    const whileWaiting = closeListeners();
    for (const { downstream } of all.slice(0, 2)) {
      downstream.commit(200, 'OK', ['content-length', '2']);
      downstream.write('ok');
      downstream.end();
    }
    await until('two answers', () => (responses[1]?.writableFinished === true ? true : undefined));
    await turnEnds();
    const afterTwo = closeListeners();
    client.leave();
    await until('the client to be missed', () => (all[19]?.downstream.hasLeft === true ? true : undefined));
    await turnEnds();
    expect(afterTwo).toBeLessThan(whileWaiting);
    expect(all.map(({ hears }) => hears.left)).toEqual([0, 0, ...Array.from({ length: 18 }, () => 1)]);
  });

  it('is told to the attempt that listens now, not to earlier ones', async () => {
    const { client, downstream } = await meet();
    const [first, second] = [listener(), listener()];
    downstream.listen(first);
    downstream.listen(second);
    client.leave();
    await until('the client to be missed', () => (downstream.hasLeft ? true : undefined));
    expect([first.left, second.left]).toEqual([0, 1]);
  });

  it('disturbs nobody when nobody listens, and what is written to it is lost without harm', async () => {
    const { client, downstream } = await meet();
    downstream.listen(undefined);
    client.leave();
    await until('the client to be missed', () => (downstream.hasLeft ? true : undefined));
    downstream.commit(200, 'OK', chunked);
    downstream.write('too late');
    downstream.end();
    expect(downstream.hasLeft).toBe(true);
  });

  it('has not left who read the answer to its end', async () => {
    const { client, downstream } = await meet();
    const hears = listener();
    downstream.listen(hears);
    downstream.commit(200, 'OK', ['content-length', '2']);
    downstream.write('ok');
    downstream.end();
    await client.answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([downstream.hasLeft, hears.left]).toEqual([false, 0]);
  });
});
