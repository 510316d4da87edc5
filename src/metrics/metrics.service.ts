import { Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { CooldownService } from '../cooldown/cooldown.service.js';
import { Database } from '../database/database.js';
import type { BodiesHeld, CallsUnderWay } from '../domain/ports.js';
import { HealthService } from '../health/health.service.js';
import { LogsService } from '../logs/logs.service.js';
import { CallCounts } from './call-counts.js';
import { metricsRegistry } from './metrics-registry.js';

/** The metrics as text, read when they are asked for. */
@Injectable()
export class MetricsService {
  private readonly registry: Registry;
  private callsUnderWay: CallsUnderWay | undefined;
  private bodies: BodiesHeld | undefined;

  constructor(counts: CallCounts, cooldowns: CooldownService, logs: LogsService, health: HealthService, database: Database) {
    this.registry = metricsRegistry(counts, () => ({
      callsUnderWay: this.callsUnderWay,
      bodies: this.bodies,
      cooling: cooldowns.coolingCounts(Date.now()),
      logQueue: logs.queue,
      database: database.load,
      storageWorks: health.report().storage.problem === null,
    }));
  }

  /** The data plane says where its calls and their bodies can be seen. */
  watch(calls: CallsUnderWay, bodies: BodiesHeld): void {
    this.callsUnderWay = calls;
    this.bodies = bodies;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
