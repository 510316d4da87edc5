import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { mendDatabaseFile } from './database-file.js';
import { refusalOf } from './database-refusal.js';
import { noSecrets, type KeySecrets } from './key-secrets.js';
import { plainKeys, type KeySealer } from './key-sealer.js';
import { repositoriesOn, type OpenRepositories, type Opening } from './open-repositories.js';
import { takeOver } from './original/take-over.js';
import { refuseUnreadableKeys, sealKeys } from './sealed-keys.js';
import { silence } from './silent-logger.js';
import { keepSpareRoom, withSpareRoom } from './spare-room.js';

/** What the write-ahead log may keep on disk after a large deletion. */
const journalBytesMax = 64 * 1024 * 1024;

export type SqliteOpening = Opening & { readonly path: string };

const standardSafety = 'PRAGMA synchronous = NORMAL';

/**
 * With WAL, NORMAL survives a crash of the program; a power failure may cost the last transactions, never the file. FULL
 * waits for the disk at every commit: too slow for the log, and right for what somebody is told has been stored.
 */
const durably = async <T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> => {
  await dataSource.query('PRAGMA synchronous = FULL');
  try {
    return await work();
  } finally {
    // Refused inside a transaction that has failed; `endTransaction` does it then.
    await dataSource.query(standardSafety).catch(() => undefined);
  }
};

/**
 * A transaction ends with the call that began it. When the disk is full SQLite rolls back by itself, TypeORM's own ROLLBACK
 * then fails, and from there on it takes every transaction for one inside another: what it calls stored is never committed.
 * So the connection is brought to rest, and TypeORM, which keeps its count in the query runner, gets a new one.
 */
const endTransaction = async (dataSource: DataSource): Promise<void> => {
  await dataSource.query('ROLLBACK').catch(() => undefined);
  await dataSource.query(standardSafety).catch(() => undefined);
  Object.assign(dataSource.driver, { queryRunner: undefined });
};

/** A second connection to a file that a writer has open and brought up to date. With WAL neither waits for the other. */
const connectReader = async (path: string): Promise<DataSource> => {
  const dataSource = new DataSource({ ...dataSourceOptions(path), readonly: true, fileMustExist: true, logger: silence });
  await dataSource.initialize();
  return dataSource;
};

const connectWriter = async ({ path, secrets = noSecrets, tell = () => undefined }: SqliteOpening): Promise<DataSource> => {
  if ((await mendDatabaseFile(path)) === 'original') await takeOver({ path, secrets, tell, now: Date.now() });
  await refuseUnreadableKeys(path, secrets);
  const dataSource = new DataSource({ ...dataSourceOptions(path), logger: silence });
  await dataSource.initialize();
  try {
    await dataSource.query(standardSafety);
    // What is deleted or overwritten, a key above all, is gone from the file and not only from its tables. Deleting
    // 100 000 log rows took 7 % longer with it (275 ms instead of 257).
    await dataSource.query('PRAGMA secure_delete = ON');
    await dataSource.query(`PRAGMA journal_size_limit = ${journalBytesMax}`);
    await dataSource.runMigrations();
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
};

const sealedOrClosed = async (dataSource: DataSource, secrets: KeySecrets): Promise<KeySealer> => {
  try {
    return await sealKeys(dataSource, secrets);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
};

/** Opens the file: the writer brings its tables up to date, all migrations or none; a reader comes after it. */
export const openSqlite = async (options: SqliteOpening): Promise<OpenRepositories> => {
  const { path, where = 'writer', secrets = noSecrets } = options;
  const connection = where === 'writer' ? withSpareRoom(path, () => connectWriter(options)) : connectReader(path);
  const dataSource = await connection.catch((error: unknown) => {
    throw refusalOf(path, error);
  });
  const sealer = where === 'writer' ? await sealedOrClosed(dataSource, secrets) : plainKeys;
  const repositories = repositoriesOn(dataSource, sealer);
  return {
    repositories,
    durably: (work) => durably(dataSource, () => work(repositories)),
    recover: () => endTransaction(dataSource),
    close: async () => {
      await dataSource.destroy();
      if (where === 'writer') await keepSpareRoom(path);
    },
  };
};
