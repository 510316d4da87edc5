import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { enveloped, type Envelope } from '../http/envelope.js';
import { PathId } from '../http/path-id.js';
import { orRefuse } from './channel-answer.js';
import type { ChannelView } from './channel-view.js';
import { CreateChannelDto, UpdateChannelDto } from './channel.dto.js';
import { ChannelsService } from './channels.service.js';

@Controller('admin/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  @Get() list(): Envelope<readonly ChannelView[]> {
    return enveloped(this.channels.list());
  }

  @Post() async create(@Body() input: CreateChannelDto): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.create(input)));
  }

  @Get(':id') find(@PathId() id: number): Envelope<ChannelView> {
    return enveloped(orRefuse(this.channels.find(id)));
  }

  @Put(':id') async update(@PathId() id: number, @Body() input: UpdateChannelDto): Promise<Envelope<ChannelView>> {
    return enveloped(orRefuse(await this.channels.update(id, input)));
  }

  @Delete(':id') @HttpCode(204) async remove(@PathId() id: number): Promise<void> {
    orRefuse(await this.channels.remove(id));
  }
}
