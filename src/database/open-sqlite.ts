import { DataSource } from 'typeorm';
import { closeKeepingIndex } from './closing-files.js';
import { dataSourceOptions } from './data-source.js';
import { kindOfFile, mayOnlyBeRead, mendDatabaseFile } from './database-file.js';
import { refusalOf } from './database-refusal.js';
import { plainKeys } from './key-sealer.js';
import { noSecrets } from './key-secrets.js';
import { repositoriesOn, type OpenRepositories, type Opening } from './open-repositories.js';
import { takeOver } from './original/take-over.js';
import { connectForReading } from './reading-only.js';
import type { Repositories } from './repositories.js';
import { refuseUnreadableKeys, sealKeys } from './sealed-keys.js';
import { silence } from './silent-logger.js';
import { UntilWritable } from './until-writable.js';

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

const connectWriter = async ({ path, secrets = noSecrets, tell = () => undefined }: SqliteOpening): Promise<DataSource> => {
  if ((await mendDatabaseFile(path)) === 'original') await takeOver({ path, secrets, tell, now: Date.now() });
  await refuseUnreadableKeys(path, secrets);
  const dataSource = new DataSource({ ...dataSourceOptions(path), logger: silence });
  return dataSource.initialize();
};

/** A file whose tables are not up to date is refused by the first change that they need. */
const connectForReadingOnly = async ({ path, secrets = noSecrets }: SqliteOpening): Promise<DataSource> => {
  await kindOfFile(path);
  await refuseUnreadableKeys(path, secrets);
  return connectForReading(path);
};

/** Brings tables and keys up to date, all migrations or none. */
const prepared = async (dataSource: DataSource, { path, secrets = noSecrets }: SqliteOpening, isReadOnly: boolean): Promise<OpenRepositories> => {
  await dataSource.query(standardSafety);
  // What is deleted or overwritten, a key above all, is gone from the file and not only from its tables. Deleting
  // 100 000 log rows took 7 % longer with it (275 ms instead of 257).
  await dataSource.query('PRAGMA secure_delete = ON');
  await dataSource.query(`PRAGMA journal_size_limit = ${journalBytesMax}`);
  await dataSource.runMigrations();
  const close = (): Promise<void> => (isReadOnly ? dataSource.destroy() : closeKeepingIndex(path, dataSource));
  return openOn(dataSource, repositoriesOn(dataSource, await sealKeys(dataSource, secrets)), isReadOnly, close);
};

const openOn = (dataSource: DataSource, repositories: Repositories, isReadOnly: boolean, close: () => Promise<void>): OpenRepositories => ({
  repositories,
  isReadOnly,
  durably: (work) => durably(dataSource, () => work(repositories)),
  recover: () => endTransaction(dataSource),
  close,
});

const openWriter = async (options: SqliteOpening): Promise<OpenRepositories> => {
  const isReadOnly = await mayOnlyBeRead(options.path);
  const dataSource = await (isReadOnly ? connectForReadingOnly(options) : connectWriter(options));
  try {
    return await prepared(dataSource, options, isReadOnly);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
};

/** A second connection to a file that a writer has open and brought up to date. With WAL neither waits for the other. */
const openReader = async ({ path }: SqliteOpening): Promise<OpenRepositories> => {
  const dataSource = await connectForReading(path);
  return openOn(dataSource, repositoriesOn(dataSource, plainKeys), true, () => dataSource.destroy());
};

/** Opens the file: the writer brings it up to date, where it may be written to; a reader comes after it. */
export const openSqlite = async (options: SqliteOpening): Promise<OpenRepositories> => {
  const { path, where = 'writer' } = options;
  const open = (): Promise<OpenRepositories> =>
    (where === 'writer' ? openWriter(options) : openReader(options)).catch((error: unknown) => {
      throw refusalOf(path, error);
    });
  const opened = await open();
  return where === 'writer' && opened.isReadOnly ? new UntilWritable(opened, { mayOnlyBeRead: () => mayOnlyBeRead(path), open }) : opened;
};
