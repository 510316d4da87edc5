import { availableParallelism, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from './error-message.js';
import type { OpenOptions } from './open-database.js';
import type { OpenRepositories } from './open-repositories.js';
import type { Where } from './repositories.js';
import type { DatabasePlace } from './place.js';
import { failureOf, SerialCalls } from './repository-calls.js';
import { noSecrets, type KeySecrets } from './key-secrets.js';
import type { OpeningNews } from './opening-news.js';
import type { FromDatabase, ToDatabase } from './thread-messages.js';

/*
 * The entry of the database threads, the writer and the reader, and the only place of the running program where the
 * database is open. Nothing that happens in a call ends a thread: the caller gets a sentence, and the next call is served.
 */

const textOrNothing = (given: unknown): string | undefined => (typeof given === 'string' ? given : undefined);

const secretsFrom = (given: unknown): KeySecrets => {
  if (typeof given !== 'object' || given === null) return noSecrets;
  const { current, previous } = { current: undefined, previous: undefined, ...given };
  return { current: textOrNothing(current), previous: textOrNothing(previous) };
};

const placeFrom = (given: object): DatabasePlace => {
  if ('url' in given && typeof given.url === 'string') return { url: given.url };
  if ('path' in given && typeof given.path === 'string') return { path: given.path };
  throw new TypeError('the database thread needs { path } or { url } as its workerData');
};

const optionsFrom = (given: unknown): OpenOptions & { readonly where: Where } => {
  const options = typeof given === 'object' && given !== null ? given : {};
  return {
    ...placeFrom(options),
    where: 'where' in options && options.where === 'reader' ? 'reader' : 'writer',
    secrets: secretsFrom('secrets' in options ? options.secrets : undefined),
    ...('patienceMs' in options && typeof options.patienceMs === 'number' ? { patienceMs: options.patienceMs } : {}),
  };
};

/** What a thread adds to the niceness of the process (docs/adr/0025). */
const addedNiceness = { writer: 5, reader: 10 } as const;
const nicenessMax = 19;

/**
 * Where threads share a core, the one that relays goes first, then the one that writes. Only Linux gives a thread a niceness of
 * its own (setpriority(2)); elsewhere this would slow the whole process down. Being nicer than before needs no rights.
 */
const yieldToRelaying = (where: Where): void => {
  if (process.platform === 'linux') setPriority(Math.min(nicenessMax, getPriority() + addedNiceness[where]));
};

const serve = (database: OpenRepositories, port: NonNullable<typeof parentPort>): void => {
  const calls = new SerialCalls(database);
  const answer = (message: FromDatabase): void => port.postMessage(message);
  let { isReadOnly } = database;
  const tellWhenWritable = (): void => {
    if (isReadOnly && !database.isReadOnly) answer({ kind: 'writable' });
    ({ isReadOnly } = database);
  };
  const line = database.openLine?.({ heard: (text) => answer({ kind: 'heard', text }), opened: () => answer({ kind: 'line-opened' }) });
  port.on('message', (message: ToDatabase) => {
    if (message.kind === 'tell') return line?.send(message.text);
    if (message.kind === 'close') {
      void calls
        .settled()
        .then(() => line?.close())
        .then(() => database.close())
        .finally(() => port.close());
      return;
    }
    const { id } = message;
    calls
      .run(message)
      .then((result) => answer({ kind: 'result', id, result }))
      .catch((error: unknown) => answer({ kind: 'error', id, ...failureOf(message, error) }))
      .finally(tellWhenWritable);
  });
  answer({ kind: 'open', isReadOnly });
};

if (parentPort === null) throw new Error('database-thread must be started as a worker');
const port = parentPort;
try {
  const tell = (news: OpeningNews): void => {
    const told: FromDatabase = { kind: 'news', news };
    port.postMessage(told);
  };
  const options = optionsFrom(workerData);
  // The reader starts when somebody first looks, perhaps in the middle of many streams: where there is one core, its loading
  // held them up for 66 ms. Where there are more it need not: a first look at two busy cores would take 4 s instead of 1.
  const isLoadedBehind = options.where === 'reader' && availableParallelism() === 1;
  if (isLoadedBehind) yieldToRelaying('reader');
  const { openDatabase } = await import('./open-database.js');
  const database = await openDatabase({ ...options, tell });
  // Opening is what everybody waits for.
  if (!isLoadedBehind) yieldToRelaying(options.where);
  serve(database, port);
} catch (error) {
  const refused: FromDatabase = { kind: 'refused', sentence: messageOf(error) };
  port.postMessage(refused);
  port.close();
}
