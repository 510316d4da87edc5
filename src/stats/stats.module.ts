import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { AdminStatsController } from './admin-stats.controller.js';
import { StatsController } from './stats.controller.js';
import { StatsService } from './stats.service.js';
import { TrendRollup } from './trend-rollup.js';

@Module({
  imports: [ChannelsModule],
  controllers: [StatsController, AdminStatsController],
  providers: [StatsService, TrendRollup],
  exports: [StatsService],
})
export class StatsModule {}
