import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { enveloped, type Envelope } from '../http/envelope.js';
import { PathId } from '../http/path-id.js';
import { orRefuse } from './channel-answer.js';
import { channelTestDocs } from './channel-test.docs.js';
import { TestChannelDto } from './channel-test.dto.js';
import { ChannelTestService } from './channel-test.service.js';
import type { TestView } from './test-call/test-answer.js';

@Controller('admin/channels/:id/test')
export class ChannelTestController {
  constructor(private readonly tests: ChannelTestService) {}

  /** 200 also when the channel failed: then the answer says so. */
  @Post() @HttpCode(200) @channelTestDocs.test async test(@PathId() id: number, @Body() input: TestChannelDto): Promise<Envelope<TestView>> {
    return enveloped(orRefuse(await this.tests.test(id, input)));
  }
}
