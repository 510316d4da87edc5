import { Injectable } from '@nestjs/common';
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import { CooldownService } from '../cooldown/cooldown.service.js';
import { Database } from '../database/database.js';
import type { BodiesHeld, CallsUnderWay } from '../domain/ports.js';
import { HealthService } from '../health/health.service.js';
import { LogsService } from '../logs/logs.service.js';
import { CallCounts } from './call-counts.js';
import { metricsRegistry, type Spans } from './metrics-registry.js';

/** The metrics as text, read when they are asked for. */
@Injectable()
export class MetricsService {
  private readonly registry: Registry;
  private callsUnderWay: CallsUnderWay | undefined;
  private bodies: BodiesHeld | undefined;
  private spans = (): Spans => ({ sent: 0, dropped: 0 });

  constructor(counts: CallCounts, cooldowns: CooldownService, logs: LogsService, health: HealthService, database: Database) {
    this.registry = metricsRegistry(counts, () => ({
      callsUnderWay: this.callsUnderWay,
      bodies: this.bodies,
      cooling: cooldowns.coolingCounts(Date.now()),
      logQueue: logs.queue,
      spans: this.spans(),
      database: database.load,
      storageWorks: health.report().storage.problem === null,
    }));
  }

  /** The data plane says where its calls and their bodies can be seen. */
  watch(calls: CallsUnderWay, bodies: BodiesHeld): void {
    this.callsUnderWay = calls;
    this.bodies = bodies;
  }

  /** Telemetry says where its counts can be seen. */
  watchSpans(spans: () => Spans): void {
    this.spans = spans;
  }

  /** All metrics with their values, for whoever writes them in another form. */
  families(): Promise<readonly MetricObjectWithValues<MetricValue<string>>[]> {
    return this.registry.getMetricsAsJSON();
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
