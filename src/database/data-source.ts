import { AuditEntity } from '../audit/audit.entity.js';
import { SessionEntity } from '../auth/session.entity.js';
import { SettingEntity } from '../auth/setting.entity.js';
import { ChannelEntity } from '../channels/channel.entity.js';
import { CooldownEntity } from '../cooldown/cooldown.entity.js';
import { ModelCooldownEntity } from '../cooldown/model-cooldown.entity.js';
import { RunEntity } from '../health/run.entity.js';
import { LogEntity } from '../logs/log.entity.js';
import { LogTallyEntity } from '../logs/log-tally.entity.js';
import { RotationEntity } from '../round-robin/rotation.entity.js';
import { HourlyTrendEntity } from '../stats/hourly-trend.entity.js';
import { MinuteTrendEntity } from '../stats/minute-trend.entity.js';
import { TrendProgressEntity } from '../stats/trend-progress.entity.js';
import { InitialSchema1795381863000 } from './migrations/1795381863000-initial-schema.js';
import { AuditLog1795384900000 } from './migrations/1795384900000-audit-log.js';
import { TrendsAndTallies1795385014000 } from './migrations/1795385014000-trends-and-tallies.js';
import { Runs1795391000000 } from './migrations/1795391000000-runs.js';
import { FirstByteClassesOfMinutes1795581200000 } from './migrations/1795581200000-first-byte-classes-of-minutes.js';
import { RowsOfRuns1795700000000 } from './migrations/1795700000000-rows-of-runs.js';
import 'reflect-metadata';
import type { DataSourceOptions } from 'typeorm';

/** Where a database lives when nothing else is said. */
export const defaultDatabasePath = 'data/ccload.db';

/** How long a statement waits for another process (a backup, the sqlite3 shell) to let go of the file. */
export const busyTimeoutMs = 5_000;

export const migrations = [
  InitialSchema1795381863000,
  AuditLog1795384900000,
  TrendsAndTallies1795385014000,
  Runs1795391000000,
  FirstByteClassesOfMinutes1795581200000,
  RowsOfRuns1795700000000,
];

const entities = [
  ChannelEntity,
  CooldownEntity,
  ModelCooldownEntity,
  RotationEntity,
  LogEntity,
  LogTallyEntity,
  HourlyTrendEntity,
  MinuteTrendEntity,
  TrendProgressEntity,
  SessionEntity,
  SettingEntity,
  AuditEntity,
  RunEntity,
];

/** What both engines are told. */
export const tableOptions = { entities, migrations, migrationsTransactionMode: 'all', synchronize: false, logging: false } as const satisfies Partial<DataSourceOptions>;

/** What the running program and the TypeORM command line must agree on. Foreign keys are enforced by the driver itself. */
export const dataSourceOptions = (path: string) =>
  ({
    type: 'better-sqlite3',
    database: path,
    timeout: busyTimeoutMs,
    // Readers and the one writer do not wait for each other.
    enableWAL: true,
    ...tableOptions,
  }) as const satisfies DataSourceOptions;
