import { Module } from '@nestjs/common';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { HealthModule } from '../health/health.module.js';
import { LogsModule } from '../logs/logs.module.js';
import { CallCounts } from './call-counts.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

@Module({
  imports: [CooldownModule, HealthModule, LogsModule],
  controllers: [MetricsController],
  providers: [MetricsService, { provide: CallCounts, useFactory: () => new CallCounts() }],
  exports: [MetricsService, CallCounts],
})
export class MetricsModule {}
