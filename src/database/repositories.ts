import type { AuditRepository } from '../audit/audit.repository.js';
import type { SessionRepository } from '../auth/session.repository.js';
import type { SettingRepository } from '../auth/setting.repository.js';
import type { ChannelRepository } from '../channels/channel.repository.js';
import type { CooldownRepository } from '../cooldown/cooldown.repository.js';
import type { LogRepository } from '../logs/log.repository.js';
import type { RotationRepository } from '../round-robin/rotation.repository.js';
import type { StatsRepository } from '../stats/stats.repository.js';
import type { Remote } from './remote.js';

/** Everything that talks to the tables. They live where the database is open: in its own thread. */
export interface Repositories {
  readonly channels: ChannelRepository;
  readonly cooldowns: CooldownRepository;
  readonly rotation: RotationRepository;
  readonly logs: LogRepository;
  readonly stats: StatsRepository;
  readonly sessions: SessionRepository;
  readonly settings: SettingRepository;
  readonly audit: AuditRepository;
}

export type RepositoryName = keyof Repositories;

type MethodNames<T> = Readonly<Record<keyof Remote<T>, true>>;

/**
 * Which methods may be called from outside the thread. The type wants every asynchronous method and nothing else, so a
 * new one that is forgotten here breaks the build.
 */
export const remoteMethods: { readonly [K in RepositoryName]: MethodNames<Repositories[K]> } = {
  channels: { all: true, after: true, find: true, insert: true, update: true, delete: true },
  cooldowns: { all: true, apply: true },
  rotation: { all: true, apply: true },
  logs: { append: true, page: true, deleteOlderThan: true },
  stats: { summary: true },
  sessions: { read: true, write: true, destroy: true, deleteExpired: true, destroyAll: true },
  settings: { valueOrInsert: true },
  audit: { append: true, page: true },
};
