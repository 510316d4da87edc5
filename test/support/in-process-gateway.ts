import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SessionAffinity } from '../../src/domain/affinity.js';
import type { AttemptRecord } from '../../src/domain/call.js';
import { catalogOf } from '../../src/domain/catalog.js';
import type { CooldownBook } from '../../src/domain/ports.js';
import { RetryBudget } from '../../src/domain/retry-budget.js';
import { untraced } from '../../src/domain/untraced.js';
import { BodyBudget } from '../../src/proxy/body-budget.js';
import { HopMarks, newHopSecret } from '../../src/proxy/hop-marks.js';
import { InFlight } from '../../src/proxy/in-flight.js';
import { Outbox } from '../../src/proxy/outbox.js';
import { ProxyServer } from '../../src/proxy/proxy-server.js';
import { Upstreams } from '../../src/proxy/upstream.js';

/** The data plane alone, in this process: for thousands of calls, with a cooldown book that forgives everything. */
export interface InProcessGateway {
  readonly port: number;
  /** The log rows of finished requests, by request id. */
  readonly records: ReadonlyMap<string, readonly AttemptRecord[]>;
  /** What the gateway held to be bugs of its own. */
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

export const onlyModel = 'm';

const forgivingBook: CooldownBook = {
  standing: () => ({ kind: 'open' }),
  beginProbe: () => true,
  endProbe: () => undefined,
  commit: () => undefined,
  succeed: () => undefined,
  penalise: () => undefined,
};

/** Channels 1, 2, … at these URLs, best first; limits in milliseconds. */
export const startInProcess = async (urls: readonly string[], limitMs = 10_000): Promise<InProcessGateway> => {
  const records = new Map<string, readonly AttemptRecord[]>();
  const bugs: unknown[] = [];
  const catalog = catalogOf(
    urls.map((url, index) => ({
      id: index + 1,
      name: `channel-${index + 1}`,
      url,
      keys: [{ id: 1, secret: 'sk-test' }],
      models: [{ name: onlyModel }],
      priority: -index,
      enabled: true,
      createdAt: 0,
      updatedAt: 0,
    })),
  );
  const outbox = new Outbox();
  const proxy = new ProxyServer({
    directory: { catalog },
    cooldowns: forgivingBook,
    rotation: { position: () => 0, moveTo: () => undefined },
    affinity: new SessionAffinity(),
    budget: new RetryBudget(),
    outbox,
    upstreams: new Upstreams(limitMs, outbox),
    inFlight: new InFlight(),
    traces: untraced,
    hops: new HopMarks(newHopSecret()),
    gate: { isOpen: false, admit: () => 'everybody' },
    sink: { record: (rows) => void records.set(rows[0]?.requestId ?? '', rows) },
    limits: { connectMs: limitMs, firstEventMs: limitMs, streamIdleMs: limitMs, responseMs: limitMs },
    bodyBytesMax: 1_000_000,
    bodies: new BodyBudget(512 * 1024 * 1024),
    clientIp: () => '127.0.0.1',
    reportBug: (bug) => void bugs.push(bug),
  });
  const server = createServer(proxy.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  const close = async (): Promise<void> => {
    proxy.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, records, bugs, close };
};
