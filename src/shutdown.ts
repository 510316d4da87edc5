import { setTimeout as wait } from 'node:timers/promises';
import { Logger, type INestApplication } from '@nestjs/common';
import type { Database } from './database/database.js';
import { bugReport } from './http/bug-report.js';
import type { Readiness } from './health/readiness.js';

const logger = new Logger('Shutdown');

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

/** Everything that must come to rest. */
export interface Running {
  readonly relaying: Relaying;
  readonly app: INestApplication;
  readonly database: Database;
  readonly readiness: Readiness;
  readonly drainTimeoutMs: number;
}

/**
 * In this order: say that we are not ready, refuse new model calls, let running streams finish (bounded), close the
 * door, flush what memory holds, close the database. Health checks are answered until the last stream has ended.
 */
const stop = async ({ relaying, app, database, readiness, drainTimeoutMs }: Running): Promise<void> => {
  readiness.beginDraining();
  await Promise.race([relaying.drain(), wait(drainTimeoutMs, undefined, { ref: false })]);
  await relaying.close();
  await app.close();
  await database.close();
};

/** The first SIGTERM or SIGINT drains and exits with 0; a second one ends the process at once. */
export const stopOnSignal = (running: Running): void => {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn(`${signal} again: ending at once, without waiting for ${running.relaying.callsUnderWay} running calls.`);
      process.exit(1);
    }
    stopping = true;
    logger.log(`${signal}: draining ${running.relaying.callsUnderWay} running calls (a second signal ends at once).`);
    stop(running).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('the shutdown did not finish', bugReport(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
};
