import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { send } from '../../test/support/client.js';
import { MemoryCooldownBook } from '../cooldown/memory-cooldown-book.js';
import { SessionAffinity } from '../domain/affinity.js';
import type { AttemptRecord } from '../domain/call.js';
import { catalogOf } from '../domain/catalog.js';
import type { Channel } from '../domain/channel.js';
import type { TraceHeaders } from '../domain/ports.js';
import { listen } from '../http-server.js';
import { assembleProxy } from './assemble-proxy.js';
import { BodyBudget } from './body-budget.js';
import { InFlight } from './in-flight.js';

const second = 1_000;
const channel: Channel = {
  id: 1,
  name: 'one',
  url: 'http://127.0.0.1:9',
  keys: [{ id: 1, secret: 'sk-any' }],
  models: [{ name: 'm' }],
  priority: 0,
  enabled: true,
  createdAt: 0,
  updatedAt: 0,
};

/** A bug on the way of a request to its channel. */
const throwing: TraceHeaders = {
  take: () => undefined,
  add: () => {
    throw new Error('a bug of the test');
  },
};

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

describe('a request that meets a bug of ours on its way to a channel', () => {
  it('gives the probe place back, has a row in the log, and is answered', async () => {
    const cooldowns = new MemoryCooldownBook({ random: () => 0.5 });
    const failedAt = Date.now() - 1_500;
    cooldowns.penalise({ channelId: 1, model: 'm', startedAt: failedAt }, { scope: 'channel', firstMs: second, reason: 'status 500' }, failedAt);
    const rows: AttemptRecord[] = [];
    const bugs: unknown[] = [];
    const times = { connectTimeoutMs: second, firstEventTimeoutMs: second, streamIdleTimeoutMs: second, responseTimeoutMs: second };
    const proxy = assembleProxy({ ...times, bodyBytesMax: 1_000, allowLinkLocal: false }, {
      gate: { isOpen: true, admit: () => 'anybody' },
      directory: { catalog: catalogOf([channel]) },
      cooldowns,
      rotation: { position: () => 0, moveTo: () => undefined },
      affinity: new SessionAffinity(),
      sink: { record: (attempts) => rows.push(...attempts) },
      inFlight: new InFlight(1),
      bodies: new BodyBudget(1_000),
      traces: throwing,
      clientIp: () => '127.0.0.1',
      reportBug: (bug) => bugs.push(bug),
    });
    server = createServer(proxy.handler);
    const port = await listen(server, '127.0.0.1', 0);

    const answer = await send(port, { method: 'POST', path: '/v1/messages', body: '{"model":"m"}' });

    expect([answer.status, bugs.length, proxy.inFlight.size]).toEqual([500, 1, 0]);
    expect(rows).toMatchObject([{ model: 'm', statusCode: 500, final: true }]);
    expect(cooldowns.standing(1, 'm', Date.now())).toMatchObject({ kind: 'half-open', probing: false });
    proxy.close();
  });
});
