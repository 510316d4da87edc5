import type { AuditRepository } from '../audit/audit.repository.js';
import type { SessionRepository } from '../auth/session.repository.js';
import type { SettingRepository } from '../auth/setting.repository.js';
import type { ChannelImportRepository } from '../channels/channel-import.repository.js';
import type { ChannelRepository } from '../channels/channel.repository.js';
import type { CooldownRepository } from '../cooldown/cooldown.repository.js';
import type { RunRepository } from '../health/run.repository.js';
import type { LogRepository } from '../logs/log.repository.js';
import type { ReplicaRepository } from '../replicas/replica.repository.js';
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
  readonly runs: RunRepository;
  readonly replicas: ReplicaRepository;
}

export type RepositoryName = keyof Repositories;

/** The two threads. */
export type Where = 'writer' | 'reader';

/**
 * Where a method runs: `writer` is the thread that may change the tables, and the order of its calls is kept; `reader` is
 * for reading what may take tens of milliseconds, so that neither log batches nor the operator's changes wait for it. `durable` is the
 * writer, and what was written is on the disk, not only with the operating system, before the call is answered: what an
 * operator was told is stored survives a power failure too.
 */
export type Manner = Where | 'durable';

type MethodNames<T> = Readonly<Record<keyof Remote<T>, Manner>>;

/**
 * Which methods may be called from outside the threads, and where they run. The type wants every asynchronous method and nothing else, so a
 * new one that is forgotten here breaks the build.
 */
export const remoteMethods: { readonly [K in RepositoryName]: MethodNames<Repositories[K]> } = {
  channels: { all: 'writer', after: 'writer', find: 'writer', insert: 'durable', update: 'durable', delete: 'durable' },
  channelFiles: { importCsv: 'durable' },
  cooldowns: { all: 'writer', apply: 'writer' },
  rotation: { all: 'writer', apply: 'writer' },
  logs: { append: 'writer', appendPacked: 'writer', page: 'reader', pageJson: 'reader', attemptsByChannel: 'reader', hourlyAttempts: 'reader', deleteOlderThan: 'writer' },
  stats: { summary: 'reader', curve: 'reader', curveJson: 'reader', trend: 'reader', kinds: 'reader' },
  trends: { rollUp: 'writer', deleteOlderThan: 'writer' },
  sessions: { read: 'writer', write: 'writer', destroy: 'writer', deleteExpired: 'writer', destroyAll: 'writer' },
  settings: { valueOrInsert: 'durable' },
  audit: { append: 'durable', page: 'writer' },
  runs: { begin: 'writer', silent: 'writer', note: 'writer', end: 'writer' },
  replicas: { marks: 'writer' },
};
