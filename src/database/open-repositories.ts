import { DataSource } from 'typeorm';
import { AuditRepository } from '../audit/audit.repository.js';
import { SessionRepository } from '../auth/session.repository.js';
import { SettingRepository } from '../auth/setting.repository.js';
import { ChannelImportRepository } from '../channels/channel-import.repository.js';
import { ChannelRepository } from '../channels/channel.repository.js';
import { CooldownRepository } from '../cooldown/cooldown.repository.js';
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
  close(): Promise<void>;
}

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
    // With WAL, NORMAL survives a crash of the program; a power failure may cost the last transactions, never the file.
    await dataSource.query('PRAGMA synchronous = NORMAL');
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
    },
    close: () => dataSource.destroy(),
  };
};
