import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { FromCaller, type Caller } from '../http/caller.js';
import { enveloped, type Envelope } from '../http/envelope.js';
import { PathId } from '../http/path-id.js';
import { orRefuse } from './channel-answer.js';
import type { ChannelView } from './channel-view.js';
import { CreateChannelDto, UpdateChannelDto } from './channel.dto.js';
import { channelDocs } from './channels.docs.js';
import { ChannelsService } from './channels.service.js';

@Controller('admin/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Get() @channelDocs.list list(): Envelope<readonly ChannelView[]> {
    return enveloped(this.channels.list());
  }

  @Post() @channelDocs.create async create(
    @Body() input: CreateChannelDto,
    @FromCaller() caller: Caller,
  ): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.create(input, caller)));
  }

  @Get(':id') @channelDocs.find find(@PathId() id: number): Envelope<ChannelView> {
    return enveloped(orRefuse(this.channels.find(id)));
  }

  @Put(':id') @channelDocs.update async update(
    @PathId() id: number,
    @Body() input: UpdateChannelDto,
    @FromCaller() caller: Caller,
  ): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.update(id, input, caller)));
  }

  @Delete(':id') @HttpCode(204) @channelDocs.remove async remove(@PathId() id: number, @FromCaller() caller: Caller): Promise<void> {
    orRefuse(await this.channels.remove(id, caller));
  }
}
