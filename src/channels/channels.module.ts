import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { ChannelActionsController } from './channel-actions.controller.js';
import { ChannelCsvController } from './channel-csv.controller.js';
import { ChannelCsvService } from './channel-csv.service.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import { ChannelTestController } from './channel-test.controller.js';
import { ChannelTestService } from './channel-test.service.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';
import { LiveChannels } from './live-channels.js';

@Module({
  imports: [AuditModule, CooldownModule],
  controllers: [ChannelCsvController, ChannelsController, ChannelActionsController, ChannelTestController],
  providers: [ChannelsService, LiveChannels, ChannelCsvService, ChannelTestService, ChannelSnapshot],
  exports: [ChannelsService, ChannelCsvService, ChannelTestService, ChannelSnapshot],
})
export class ChannelsModule {}
