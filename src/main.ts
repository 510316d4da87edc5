import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { endOnSignal } from './early-signals.js';
import { loadConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { Database } from './database/database.js';
import type { Tell } from './database/opening-news.js';
import { placeOf } from './database/place.js';
import { goOnUnheard } from './unread-log.js';
import { workerArgument } from './workers/worker-argument.js';

/*
 * The entry. It imports little by itself: while the database thread opens and migrates the database, the other core loads the
 * rest of the program.
 */

/**
 * How fast V8 makes room for short-lived values. Loading the program fills what it gets, and an idle process would keep it:
 * without room to grow until all is loaded, 148 MB stay resident instead of 173 (Node 20).
 */
const letYoungValuesGrow = (factor: 1 | 2): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`);

/**
 * V8 makes values old from the start where those made by the same line lived long, as all do that are made while little
 * happens. Under load they live for milliseconds, and as old ones they would wait for a collection of the whole heap: 0.6 MB a
 * second at half load instead of 2.1 (docs/adr/0031).
 */
const beginYoung = (): void => setFlagsFromString('--no-allocation-site-pretenuring');

/**
 * Old values may double before V8 looks through all of them. It takes that for cheap and would do it every two seconds at half
 * load, for a tenth of a second in which everybody waits (docs/adr/0030). While the program loads it is cheap.
 */
const letOldValuesGrow = (): void => setFlagsFromString('--heap-growing-percent=100');

const start = async (): Promise<void> => {
  const handOver = endOnSignal();
  letYoungValuesGrow(1);
  const config = loadConfig(readEnvironment(), availableParallelism());
  if ('problems' in config) {
    throw new Error(`The configuration cannot be used:\n${config.problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
  // Nothing is told in most starts: the log is loaded when it is needed.
  const tell: Tell = (news) => void import('./opening-log.js').then(({ logOpening }) => logOpening(news, config.logLevel));
  const opening = Database.open({ ...placeOf(config), secrets: config.keySecrets, tell });
  const [database, { runGateway }] = await Promise.all([opening, import('./gateway.js')]);
  await runGateway({ config, database });
  handOver();
  letYoungValuesGrow(2);
  letOldValuesGrow();
};

const run = async (): Promise<void> => {
  goOnUnheard();
  beginYoung();
  if (process.argv[2] !== workerArgument) return start();
  const { runWorker } = await import('./workers/worker-main.js');
  runWorker();
  letOldValuesGrow();
};

run().catch((error: unknown) => {
  console.error(`ccLoad cannot start. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
