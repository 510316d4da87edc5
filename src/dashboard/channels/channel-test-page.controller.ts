import { Body, Get, Post } from '@nestjs/common';
import { ChannelTestService } from '../../channels/channel-test.service.js';
import { ChannelsService } from '../../channels/channels.service.js';
import { PathId } from '../../http/path-id.js';
import { TryLaterException } from '../../http/problem-filter.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { channelGonePage } from './channel-gone.js';
import { channelTestEn, type ChannelTestTexts } from './channel-test.en.js';
import { channelTestView, contentCharsMax, testFormOf, type AnswerFacts, type TestFacts, type TestForm, type TestRefusal } from './channel-test.view.js';
import { channelTestZh } from './channel-test.zh.js';

const testTexts: Spoken<ChannelTestTexts> = { en: channelTestEn, zh: channelTestZh };

interface TestedChannel {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly models: readonly string[];
}

@PageController('web/channels/:id/test')
export class ChannelTestPageController {
  constructor(
    private readonly pages: Pages,
    private readonly channels: ChannelsService,
    private readonly tests: ChannelTestService,
  ) {}

  @Get() show(@FromVisit() visit: Visit, @PathId() id: number): string {
    const channel = this.channels.find(id);
    return channel === 'unknown' ? channelGonePage(this.pages, visit) : this.page(visit, channel, {});
  }

  /** Asks and answers in one go: a test is nothing that could be shown again. */
  @Post() async ask(@FromVisit() visit: Visit, @PathId() id: number, @Body() body: unknown): Promise<string> {
    const channel = this.channels.find(id);
    const form = testFormOf(body);
    if (channel === 'unknown') return this.gone(visit, id, form);
    const refusal = this.refusalOf(form, channel);
    if (refusal !== undefined) return this.page(visit, channel, { form, refusal }, 400);
    const answer = await this.answer(channel.id, form);
    if (answer === 'unknown') return this.gone(visit, id, form);
    return answer === 'busy' ? this.page(visit, channel, { form, refusal: answer }, 503) : this.page(visit, channel, { form, answer });
  }

  private refusalOf({ model, content }: TestForm, { url }: TestedChannel): TestRefusal | undefined {
    if (this.channels.urlFault(url) !== undefined) return 'unusable';
    // Judged by the rule that models obey in a list of them.
    if (this.channels.faults({ name: 'any', api_key: undefined, url, models: [model], priority: 0 }).includes('models')) return 'model';
    return content.trim() === '' || content.length > contentCharsMax ? 'content' : undefined;
  }

  private async answer(id: number, { type, model, content, isStreaming }: TestForm): Promise<AnswerFacts | 'busy' | 'unknown'> {
    try {
      return await this.tests.test(id, { model, content, stream: isStreaming, channel_type: type });
    } catch (error) {
      if (error instanceof TryLaterException) return 'busy';
      throw error;
    }
  }

  /** Its name went with it; what was typed stays. */
  private gone(visit: Visit, id: number, form: TestForm): string {
    return this.page(visit, { id, name: `#${id}`, url: '', models: [] }, { form, refusal: 'gone' }, 404);
  }

  private page(visit: Visit, channel: TestedChannel, facts: Omit<TestFacts, 'channel' | 'modelCharsMax'>, status = 200): string {
    const view = channelTestView({ ...facts, channel, modelCharsMax: this.channels.bounds.modelCharsMax }, speechOf(testTexts, visit));
    return this.pages.html(visit, { page: 'channels', template: 'channel-test', title: view.title, view, status, styles: ['channels.css'], scripts: ['channel-test.js'] });
  }
}
