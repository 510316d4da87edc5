import { Module } from '@nestjs/common';
import { CooldownModule } from '../cooldown/cooldown.module.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';

@Module({
  imports: [CooldownModule],
  controllers: [ChannelsController],
  providers: [ChannelsService, ChannelSnapshot],
  exports: [ChannelsService, ChannelSnapshot],
})
export class ChannelsModule {}
