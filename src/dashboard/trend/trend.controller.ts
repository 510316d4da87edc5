import { Get, Query } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { StatsService } from '../../stats/stats.service.js';
import { pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { sharedTexts } from '../text/shared-texts.js';
import { stepMinutesOf, trendRequestOf } from './parse-trend-query.js';
import { trendEn, type TrendTexts } from './trend.en.js';
import { trendView, type TrendFacts } from './trend.view.js';
import { trendZh } from './trend.zh.js';

const trendTexts: Spoken<TrendTexts> = { en: trendEn, zh: trendZh };

@PageController()
export class TrendController {
  constructor(
    private readonly pages: Pages,
    private readonly stats: StatsService,
    private readonly channels: ChannelsService,
  ) {}

  @Get(pageRoutes('trend')) async show(@FromVisit() visit: Visit, @Query() query: unknown): Promise<string> {
    const facts = await this.facts(query);
    const speech = { ...speechOf(trendTexts, visit), shared: sharedTexts[visit.language] };
    const view = trendView(facts, Date.now(), speech);
    const status = facts.request.hours === undefined ? 400 : 200;
    return this.pages.html(visit, { page: 'trend', template: 'trend', title: view.title, view, scripts: ['trend.js'], styles: ['traffic.css'], status });
  }

  private async facts(query: unknown): Promise<TrendFacts> {
    const request = trendRequestOf(query);
    const { hours, channelIds } = request;
    const channels = this.channels.list();
    if (hours === undefined) return { request, channels, curves: [] };
    const among = channelIds.length === 0 ? {} : { channelIds };
    return { request, channels, curves: await this.stats.trend({ hours, bucketMinutes: stepMinutesOf(hours), ...among }) };
  }
}
