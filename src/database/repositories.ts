import type { AuditRepository } from '../audit/audit.repository.js';
import type { SessionRepository } from '../auth/session.repository.js';
import type { SettingRepository } from '../auth/setting.repository.js';
import type { ChannelImportRepository } from '../channels/channel-import.repository.js';
import type { ChannelRepository } from '../channels/channel.repository.js';
import type { CooldownRepository } from '../cooldown/cooldown.repository.js';
import type { LogRepository } from '../logs/log.repository.js';
import type { RotationRepository } from '../round-robin/rotation.repository.js';
import type { StatsRepository } from '../stats/stats.repository.js';
import type { TrendRepository } from '../stats/trend.repository.js';
import type { Remote } from './remote.js';

/** Everything that talks to the tables. They live where the database is open: in its own thread. */
export interface Repositories {
  readonly channels: ChannelRepository;
  readonly channelFiles: ChannelImportRepository;
  readonly cooldowns: CooldownRepository;
  readonly rotation: RotationRepository;
  readonly logs: LogRepository;
  readonly stats: StatsRepository;
  readonly trends: TrendRepository;
  readonly sessions: SessionRepository;
  readonly settings: SettingRepository;
  readonly audit: AuditRepository;
}

export type RepositoryName = keyof Repositories;

/**
 * Where a method runs: `writer` is the thread that may change the tables, and the order of its calls is kept; `reader` is
 * for reading what may take tens of milliseconds, so that neither log batches nor the operator's changes wait for it.
 */
export type Where = 'writer' | 'reader';

type MethodNames<T> = Readonly<Record<keyof Remote<T>, Where>>;

/**
 * Which methods may be called from outside the threads, and where they run. The type wants every asynchronous method and nothing else, so a
 * new one that is forgotten here breaks the build.
 */
export const remoteMethods: { readonly [K in RepositoryName]: MethodNames<Repositories[K]> } = {
  channels: { all: 'writer', after: 'writer', find: 'writer', insert: 'writer', update: 'writer', delete: 'writer' },
  channelFiles: { importCsv: 'writer' },
  cooldowns: { all: 'writer', apply: 'writer' },
  rotation: { all: 'writer', apply: 'writer' },
  logs: { append: 'writer', page: 'reader', attemptsByChannel: 'reader', deleteOlderThan: 'writer' },
  stats: { summary: 'reader', curve: 'reader', kinds: 'reader' },
  trends: { rollUp: 'writer', deleteOlderThan: 'writer' },
  sessions: { read: 'writer', write: 'writer', destroy: 'writer', deleteExpired: 'writer', destroyAll: 'writer' },
  settings: { valueOrInsert: 'writer' },
  audit: { append: 'writer', page: 'writer' },
};
