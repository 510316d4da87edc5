import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { StatsController } from './stats.controller.js';
import { StatsService } from './stats.service.js';

@Module({ imports: [ChannelsModule], controllers: [StatsController], providers: [StatsService] })
export class StatsModule {}
