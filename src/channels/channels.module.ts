import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { ChannelActionsController } from './channel-actions.controller.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';
import { LiveChannels } from './live-channels.js';

@Module({
  imports: [AuditModule, CooldownModule],
  controllers: [ChannelsController, ChannelActionsController],
  providers: [ChannelsService, LiveChannels, ChannelSnapshot],
  exports: [ChannelsService, ChannelSnapshot],
})
export class ChannelsModule {}
