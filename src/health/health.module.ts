import { Module } from '@nestjs/common';
import { LogsModule } from '../logs/logs.module.js';
import { AdminHealthController } from './admin-health.controller.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { Readiness } from './readiness.js';
import { RunLedger } from './run-ledger.js';

@Module({
  imports: [LogsModule],
  controllers: [HealthController, AdminHealthController],
  providers: [Readiness, RunLedger, HealthService],
  exports: [Readiness, HealthService],
})
export class HealthModule {}
