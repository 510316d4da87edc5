import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditModule } from './audit/audit.module.js';
import { ApiDocsModule } from './api-docs/api-docs.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { configModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { CooldownModule } from './cooldown/cooldown.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import type { Database } from './database/database.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { ProblemFilter } from './http/problem-filter.js';
import { LogsModule } from './logs/logs.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ProxyModule } from './proxy/proxy.module.js';
import { ReplicasModule } from './replicas/replicas.module.js';
import { RoundRobinModule } from './round-robin/round-robin.module.js';
import { StatsModule } from './stats/stats.module.js';

/** What the control plane is built on: both are made before Nest starts, and outlive it. */
export interface Foundations {
  readonly config: Config;
  readonly database: Database;
}

/** The parts of the program, and nothing else. */
@Module({})
export class AppModule {
  static for({ config, database }: Foundations): DynamicModule {
    return {
      module: AppModule,
      imports: [
        configModule(config),
        DatabaseModule.for(database),
        ScheduleModule.forRoot(),
        ReplicasModule,
        HealthModule,
        AuditModule,
        AuthModule,
        CooldownModule,
        RoundRobinModule,
        ChannelsModule,
        LogsModule,
        StatsModule,
        EventsModule,
        MetricsModule,
        ProxyModule,
        ApiDocsModule,
        DashboardModule,
      ],
      // The dashboard brings a filter of its own; Nest asks the one that was provided last first.
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
