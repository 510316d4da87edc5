import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ChannelSnapshot } from './channels/channel-snapshot.js';
import type { Config } from './config/config.js';
import { MemoryCooldownBook } from './cooldown/memory-cooldown-book.js';
import { NewsLine } from './domain/news.js';
import { EventFeed } from './events/event-feed.js';
import { frontDoor } from './front-door.js';
import { HealthService } from './health/health.service.js';
import { createHttpServer, listen } from './http-server.js';
import { CallFanout } from './logs/call-fanout.js';
import { MetricsService } from './metrics/metrics.service.js';
import { ProxyServer } from './proxy/proxy-server.js';
import { MemoryRotationCursor } from './round-robin/memory-rotation-cursor.js';
import { newControlPath, removeControlPath } from './workers/control-path.js';
import { listenForWorkers } from './workers/control-server.js';
import { WorkerPool } from './workers/worker-pool.js';

/** What serves the clients: this process by itself, or workers that it keeps the books for. */
export interface Relaying {
  readonly port: number;
  /** Model calls that have not ended. */
  readonly callsUnderWay: number;
  /** Refuses new model calls; resolves when the last running one has ended. Everything else is still answered. */
  drain(): Promise<void>;
  /** Closes the door and every connection. */
  close(): Promise<void>;
}

const closeServer = (server: Server): void => {
  server.close();
  server.closeAllConnections();
};

const logger = new Logger('Gateway');

const tellTurnedAway = (connections: number): void =>
  logger.warn(`${connections} connections were turned away: as many are open as there may be, or as one address may have`);

/** Serves the clients in this process. Rejects with a sentence when the address cannot be had. */
const relayHere = async (app: NestExpressApplication, { host, port }: Config, reportBug: (bug: unknown) => void): Promise<Relaying> => {
  const proxy = app.get(ProxyServer);
  const server = createHttpServer(frontDoor(proxy.handler, app.getHttpAdapter().getInstance()), { turnedAway: tellTurnedAway, reportBug });
  return {
    port: await listen(server, host, port),
    get callsUnderWay() {
      return proxy.inFlight.size;
    },
    drain: () => proxy.drain(),
    close: async () => {
      closeServer(server);
      proxy.close();
    },
  };
};

/** Serves the clients in `workers` processes. Rejects with a sentence when the address cannot be had. */
const relayInWorkers = async (app: NestExpressApplication, config: Config, workers: number): Promise<Relaying> => {
  const controlPath = newControlPath();
  const control = await listenForWorkers(app.getHttpAdapter().getInstance(), controlPath);
  const pool = new WorkerPool({
    config,
    workers,
    controlPath,
    books: {
      channels: app.get(ChannelSnapshot),
      cooldowns: app.get(MemoryCooldownBook),
      rotation: app.get(MemoryRotationCursor),
      line: app.get(NewsLine),
      sink: app.get(CallFanout),
    },
    warn: (sentence) => logger.warn(sentence),
  });
  app.get(MetricsService).watch(pool.calls, pool.calls.bodies);
  app.get(EventFeed).watch(pool.calls);
  app.get(HealthService).watch(pool.calls);
  return {
    port: await pool.start(),
    get callsUnderWay() {
      return pool.calls.size;
    },
    drain: () => pool.drain(),
    close: async () => {
      await pool.close();
      closeServer(control);
      removeControlPath(controlPath);
    },
  };
};

/** Begins to serve the clients. `reportBug` hears of what threw before the planes part. */
export const beginRelaying = (app: NestExpressApplication, config: Config, reportBug: (bug: unknown) => void): Promise<Relaying> =>
  config.workers === 1 ? relayHere(app, config, reportBug) : relayInWorkers(app, config, config.workers);
