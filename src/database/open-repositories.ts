import { DataSource } from 'typeorm';
import { AuditRepository } from '../audit/audit.repository.js';
import { SessionRepository } from '../auth/session.repository.js';
import { SettingRepository } from '../auth/setting.repository.js';
import { ChannelImportRepository } from '../channels/channel-import.repository.js';
import { ChannelRepository } from '../channels/channel.repository.js';
import { CooldownRepository } from '../cooldown/cooldown.repository.js';
import { RunRepository } from '../health/run.repository.js';
import { LogRepository } from '../logs/log.repository.js';
import { RotationRepository } from '../round-robin/rotation.repository.js';
import { StatsRepository } from '../stats/stats.repository.js';
import { TrendRepository } from '../stats/trend.repository.js';
import { dataSourceOptions } from './data-source.js';
import { prepareDatabaseFile, undoHalfDone, type FileKind } from './database-file.js';
import { isCutOff, refusalOf } from './database-refusal.js';
import { noSecrets, type KeySecrets } from './key-secrets.js';
import { plainKeys, type KeySealer } from './key-sealer.js';
import { takeOver } from './original/take-over.js';
import type { Tell } from './opening-news.js';
import type { Repositories, Where } from './repositories.js';
import { refuseUnreadableKeys, sealKeys } from './sealed-keys.js';
import { silence } from './silent-logger.js';

/** What the write-ahead log may keep on disk after a large deletion. */
const journalBytesMax = 64 * 1024 * 1024;

export interface OpenOptions {
  readonly path: string;
  readonly where?: Where;
  /** Needed by the writer only: no reader has to do with keys. */
  readonly secrets?: KeySecrets;
  /** Hears what the writer does that an operator should know of, a takeover from the original ccLoad. */
  readonly tell?: Tell;
}

export interface OpenRepositories {
  readonly repositories: Repositories;
  /** Does the work so that what it stores is on the disk when it is done. */
  durably<T>(work: () => Promise<T>): Promise<T>;
  /** To be called after a call that failed, before the next one. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

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

const prepared = async (path: string): Promise<FileKind> => {
  try {
    return await prepareDatabaseFile(path);
  } catch (error) {
    if (!isCutOff(error)) throw error;
    await undoHalfDone(path);
    return prepareDatabaseFile(path);
  }
};

const connectWriter = async ({ path, secrets = noSecrets, tell = () => undefined }: OpenOptions): Promise<DataSource> => {
  if ((await prepared(path)) === 'original') await takeOver({ path, secrets, tell, now: Date.now() });
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

/**
 * Opens the database on the calling thread. The writer brings its tables up to date, all migrations or none; a reader
 * comes after it and cannot change anything. Rejects with a `DatabaseRefusal`, a sentence for the operator.
 */
export const openRepositories = async (options: OpenOptions): Promise<OpenRepositories> => {
  const { path, where = 'writer', secrets = noSecrets } = options;
  const connection = where === 'writer' ? connectWriter(options) : connectReader(path);
  const dataSource = await connection.catch((error: unknown) => {
    throw refusalOf(path, error);
  });
  const sealer = where === 'writer' ? await sealedOrClosed(dataSource, secrets) : plainKeys;
  return {
    repositories: {
      channels: new ChannelRepository(dataSource, sealer),
      channelFiles: new ChannelImportRepository(dataSource, sealer),
      cooldowns: new CooldownRepository(dataSource),
      rotation: new RotationRepository(dataSource),
      logs: new LogRepository(dataSource),
      stats: new StatsRepository(dataSource),
      trends: new TrendRepository(dataSource),
      sessions: new SessionRepository(dataSource),
      settings: new SettingRepository(dataSource),
      audit: new AuditRepository(dataSource),
      runs: new RunRepository(dataSource),
    },
    durably: (work) => durably(dataSource, work),
    recover: () => endTransaction(dataSource),
    close: () => dataSource.destroy(),
  };
};
