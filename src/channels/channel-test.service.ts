import { BadRequestException, Injectable } from '@nestjs/common';
import type { ChannelId } from '../domain/channel.js';
import { secondMs } from '../domain/time.js';
import { TryLaterException } from '../http/problem-filter.js';
import { questionOf, type ChannelTest } from './channel-test.dto.js';
import { LiveChannels } from './live-channels.js';
import { testView, type TestView } from './test-call/test-answer.js';
import { testRequest } from './test-call/test-request.js';
import { callUpstream, testCallMsMax } from './test-call/upstream-call.js';

/** Tests that run at a time; each holds up to 1 MiB for up to 30 seconds. */
export const testsAtOnceMax = 8;

/** Asks a channel a small question, past priorities and cooldowns, and changes neither. */
@Injectable()
export class ChannelTestService {
  private running = 0;

  constructor(private readonly live: LiveChannels) {}

  /** A disabled channel can be tested too. Throws 400 for one whose stored URL cannot be used, 503 when many run. */
  async test(id: ChannelId, input: ChannelTest): Promise<TestView | 'unknown'> {
    const channel = this.live.find(id);
    if (channel === undefined) return 'unknown';
    const urlProblem = this.live.urlProblem(channel.url);
    if (urlProblem !== undefined) throw new BadRequestException(`the channel cannot be tested: ${urlProblem}`);
    if (this.running >= testsAtOnceMax) throw new TryLaterException(503, 'too many channel tests are running already; try again', secondMs);
    this.running += 1;
    try {
      const request = testRequest(channel, questionOf(input));
      const received = await callUpstream(request, testCallMsMax, this.live);
      return testView(request, received, { secret: channel.keys[0]?.secret ?? '', now: Date.now() });
    } finally {
      this.running -= 1;
    }
  }
}
