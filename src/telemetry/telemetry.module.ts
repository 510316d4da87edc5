import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Config } from '../config/config.js';
import { programVersion } from '../config/program-version.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { TelemetryService } from './telemetry.service.js';

const telemetry = async (settings: ConfigService<Config, true>, metrics: MetricsService): Promise<TelemetryService> => {
  const config = settings.get('telemetry', { infer: true });
  if (config === undefined) return TelemetryService.off();
  const allowLinkLocal = settings.get('allowLinkLocal', { infer: true });
  const service = await TelemetryService.on({ config, allowLinkLocal, version: programVersion(), readMetrics: () => metrics.families() });
  metrics.watchSpans(() => service.counters);
  return service;
};

@Module({
  imports: [MetricsModule],
  providers: [{ provide: TelemetryService, inject: [ConfigService, MetricsService], useFactory: telemetry }],
  exports: [TelemetryService],
})
export class TelemetryModule {}
