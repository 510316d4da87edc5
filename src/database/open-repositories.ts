import { DataSource, type Logger } from 'typeorm';
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
import { prepareDatabaseFile, refusalOf } from './database-file.js';
import { noSecrets, type KeySecrets } from './key-secrets.js';
import { plainKeys, type KeySealer } from './key-sealer.js';
import type { Repositories, Where } from './repositories.js';
import { refuseUnreadableKeys, sealKeys } from './sealed-keys.js';

/** What the write-ahead log may keep on disk after a large deletion. */
const journalBytesMax = 64 * 1024 * 1024;

/** What fails is told by the rejection, without parameters: those may be keys, and the library would print them. */
const silence: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

export interface OpenOptions {
  readonly path: string;
  readonly where?: Where;
  /** Needed by the writer only: no reader has to do with keys. */
  readonly secrets?: KeySecrets;
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

const connectWriter = async (path: string, secrets: KeySecrets): Promise<DataSource> => {
  await prepareDatabaseFile(path);
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
export const openRepositories = async ({ path, where = 'writer', secrets = noSecrets }: OpenOptions): Promise<OpenRepositories> => {
  const connection = where === 'writer' ? connectWriter(path, secrets) : connectReader(path);
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
