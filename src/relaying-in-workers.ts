import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ChannelSnapshot } from './channels/channel-snapshot.js';
import type { Config } from './config/config.js';
import { MemoryCooldownBook } from './cooldown/memory-cooldown-book.js';
import { NewsLine } from './domain/news.js';
import { EventFeed } from './events/event-feed.js';
import { HealthService } from './health/health.service.js';
import { closeServer } from './http-server.js';
import { CallFanout } from './logs/call-fanout.js';
import { MetricsService } from './metrics/metrics.service.js';
import { MemoryRotationCursor } from './round-robin/memory-rotation-cursor.js';
import type { Relaying } from './shutdown.js';
import { newControlPath, removeControlPath } from './workers/control-path.js';
import { listenForWorkers } from './workers/control-server.js';
import { WorkerPool } from './workers/worker-pool.js';

const logger = new Logger('Gateway');

/** Serves the clients in `config.workers` processes. Rejects with a sentence when the address cannot be had. */
export const relayInWorkers = async (app: NestExpressApplication, config: Config): Promise<Relaying> => {
  const controlPath = newControlPath();
  const control = await listenForWorkers(app.getHttpAdapter().getInstance(), controlPath);
  const pool = new WorkerPool({
    config,
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
    cutOff: () => pool.cutOff(),
    close: async (takenWithinMs) => {
      await pool.close(takenWithinMs);
      await closeServer(control, 0);
      removeControlPath(controlPath);
    },
  };
};
