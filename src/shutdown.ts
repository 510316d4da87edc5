import { setTimeout as wait } from 'node:timers/promises';
import { Logger, type INestApplication } from '@nestjs/common';
import type { Database } from './database/database.js';
import { bugReport } from './http/bug-report.js';
import { secondMs } from './domain/time.js';
import type { Readiness } from './health/readiness.js';

const logger = new Logger('Shutdown');

/** What serves the clients: this process by itself, or workers that it keeps the books for. */
export interface Relaying {
  readonly port: number;
  /** Model calls that have not ended. */
  readonly callsUnderWay: number;
  /** Refuses new model calls; resolves when the last running one has ended. Everything else is still answered. */
  drain(): Promise<void>;
  /** Ends the calls that are still under way, so that `drain` resolves soon. */
  cutOff(): void;
  /** Closes the door and every connection, once clients have taken what was said to them or `takenWithinMs` have passed. */
  close(takenWithinMs: number): Promise<void>;
}

/** Everything that must come to rest. */
export interface Running {
  readonly relaying: Relaying;
  readonly app: INestApplication;
  readonly database: Database;
  readonly readiness: Readiness;
  readonly drainTimeoutMs: number;
}

/** How long calls that are cut off may take to end, and their clients to hear of it. */
const cutOffMs = 2 * secondMs;

/** False when it took longer. */
const isOverWithin = (promise: Promise<void>, ms: number): Promise<boolean> =>
  Promise.race([promise.then(() => true), wait(ms, false, { ref: false })]);

/**
 * In this order: say that we are not ready, refuse new model calls, let running streams finish (bounded), close the
 * door, flush what memory holds, close the database. Health checks are answered until the last stream has ended.
 */
const stop = async ({ relaying, app, database, readiness, drainTimeoutMs }: Running): Promise<void> => {
  readiness.beginDraining();
  const beganAt = performance.now();
  const drained = relaying.drain();
  if (!(await isOverWithin(drained, drainTimeoutMs))) {
    const { callsUnderWay } = relaying;
    logger.warn(`${callsUnderWay} ${callsUnderWay === 1 ? 'call was' : 'calls were'} cut off after ${drainTimeoutMs} ms.`);
    relaying.cutOff();
    await isOverWithin(drained, cutOffMs);
  }
  await relaying.close(Math.max(cutOffMs, drainTimeoutMs - (performance.now() - beganAt)));
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
