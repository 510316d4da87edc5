import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { secondMs } from '../../domain/time.js';
import { messageOf } from '../error-message.js';
import { plainKeys } from '../key-sealer.js';
import { noSecrets } from '../key-secrets.js';
import { repositoriesOn, type OpenRepositories, type Opening } from '../open-repositories.js';
import { NotifyLine } from './notify-line.js';
import { postgresOptions, type Use } from './postgres-options.js';
import { mayComeBack, postgresRefusalOf } from './postgres-refusal.js';
import { preparePostgres } from './prepare-tables.js';
import { serverNameOf } from './server-name.js';

/** How long a start waits for a server that is not there yet: whoever started both at once need not think of an order. */
export const patienceMsDefault = 30 * secondMs;
const retryEveryMs = secondMs;

export type PostgresOpening = Opening & {
  readonly url: string;
  /** How long to wait for a server that does not answer. */
  readonly patienceMs?: number;
};

/** Does the work, and again until the server is there or patience ends. Rejects with a `DatabaseRefusal`. */
const patiently = async <T>({ url, patienceMs = patienceMsDefault, tell }: PostgresOpening, work: () => Promise<T>): Promise<T> => {
  const givesUpAt = Date.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayComeBack(error) || Date.now() >= givesUpAt) throw postgresRefusalOf(url, error);
      const sentence = `${serverNameOf(url)} does not answer yet (${messageOf(error)}); waiting up to ${patienceMs / secondMs} s for it.`;
      if (tries === 1) tell?.({ weight: 'warning', sentence });
      await pause(retryEveryMs);
    }
  }
};

const connect = (url: string, use: Use): Promise<DataSource> => new DataSource(postgresOptions(url, use)).initialize();

const openReader = async (options: PostgresOpening): Promise<OpenRepositories> => {
  const dataSource = await patiently(options, () => connect(options.url, 'reading'));
  const repositories = repositoriesOn(dataSource, plainKeys);
  return { repositories, isReadOnly: true, durably: (work) => work(repositories), recover: () => Promise.resolve(), close: () => dataSource.destroy() };
};

/**
 * Opens the database of a server: brings its tables up to date and connects twice, for commits that wait for the disk and
 * for those that do not. A failed call needs nothing: its transaction ended with it, and a connection that broke is
 * replaced by the pool.
 */
export const openPostgres = async (options: PostgresOpening): Promise<OpenRepositories> => {
  const { url, where = 'writer', secrets = noSecrets } = options;
  if (where === 'reader') return openReader(options);
  return patiently(options, async () => {
    const sealer = await preparePostgres(url, secrets);
    const lax = await connect(url, 'lax');
    const durable = await connect(url, 'durable').catch(async (error: unknown) => {
      await lax.destroy();
      throw error;
    });
    const durableRepositories = repositoriesOn(durable, sealer);
    return {
      repositories: repositoriesOn(lax, sealer),
      isReadOnly: false,
      durably: (work) => work(durableRepositories),
      recover: () => Promise.resolve(),
      openLine: (listener) => new NotifyLine(url, listener),
      close: async () => {
        await lax.destroy();
        await durable.destroy();
      },
    };
  });
};
