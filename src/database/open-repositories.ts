import type { DataSource } from 'typeorm';
import { AuditRepository } from '../audit/audit.repository.js';
import { SessionRepository } from '../auth/session.repository.js';
import { SettingRepository } from '../auth/setting.repository.js';
import { ChannelImportRepository } from '../channels/channel-import.repository.js';
import { ChannelRepository } from '../channels/channel.repository.js';
import { CooldownRepository } from '../cooldown/cooldown.repository.js';
import { RunRepository } from '../health/run.repository.js';
import { LogRepository } from '../logs/log.repository.js';
import { ReplicaRepository } from '../replicas/replica.repository.js';
import { RotationRepository } from '../round-robin/rotation.repository.js';
import { StatsRepository } from '../stats/stats.repository.js';
import { TrendRepository } from '../stats/trend.repository.js';
import { CurrentRun } from './current-run.js';
import type { LineEnd, LineListener } from './database-line.js';
import type { KeySecrets } from './key-secrets.js';
import type { KeySealer } from './key-sealer.js';
import type { Tell } from './opening-news.js';
import type { Repositories, Where } from './repositories.js';

/** What an opening needs beside the place. */
export interface Opening {
  readonly where?: Where;
  /** Needed by the writer only: no reader has to do with keys. */
  readonly secrets?: KeySecrets;
  /** Hears what the writer does that an operator should know of, a takeover from the original ccLoad. */
  readonly tell?: Tell;
}

export interface OpenRepositories {
  readonly repositories: Repositories;
  /** True as long as nothing can be stored because the file may only be read; a file that is found like that may be mended later. */
  readonly isReadOnly: boolean;
  /** Does the work on repositories whose commits are on the disk when they are done. */
  durably<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** To be called after a call that failed, before the next one. */
  recover(): Promise<void>;
  /** Opens a way to the others that have the same database open; absent where there can be none. */
  readonly openLine?: (listener: LineListener) => LineEnd;
  close(): Promise<void>;
}

/** The repositories of one connection. */
export const repositoriesOn = (dataSource: DataSource, sealer: KeySealer): Repositories => {
  const run = new CurrentRun();
  return {
    channels: new ChannelRepository(dataSource, sealer),
    channelFiles: new ChannelImportRepository(dataSource, sealer),
    cooldowns: new CooldownRepository(dataSource),
    rotation: new RotationRepository(dataSource),
    logs: new LogRepository(dataSource, run),
    stats: new StatsRepository(dataSource),
    trends: new TrendRepository(dataSource),
    sessions: new SessionRepository(dataSource),
    settings: new SettingRepository(dataSource),
    audit: new AuditRepository(dataSource),
    runs: new RunRepository(dataSource, run),
    replicas: new ReplicaRepository(dataSource),
  };
};
