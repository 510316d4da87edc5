import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { FromCaller, type Caller } from '../http/caller.js';
import { enveloped, type Envelope } from '../http/envelope.js';
import { PathId } from '../http/path-id.js';
import { SetCooldownDto } from './channel-actions.dto.js';
import { orRefuse } from './channel-answer.js';
import type { ChannelView } from './channel-view.js';
import { channelDocs } from './channels.docs.js';
import { ChannelsService } from './channels.service.js';

@Controller('admin/channels/:id')
export class ChannelActionsController {
  constructor(private readonly channels: ChannelsService) {}

  @Get('key') @channelDocs.key async key(@PathId() id: number, @FromCaller() caller: Caller): Promise<Envelope<{ readonly api_key: string }>> {
    return enveloped(orRefuse(await this.channels.key(id, caller)));
  }

  @Post('cooldown') @HttpCode(200) @channelDocs.coolDown async coolDown(
    @PathId() id: number,
    @Body() { duration_ms }: SetCooldownDto,
    @FromCaller() caller: Caller,
  ): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.coolDown(id, duration_ms, caller)));
  }

  @Delete('cooldown') @channelDocs.endCooldown async endCooldown(@PathId() id: number, @FromCaller() caller: Caller): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.endCooldown(id, caller)));
  }
}
