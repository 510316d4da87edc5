import { Get, Query } from '@nestjs/common';
import { StatsService } from '../../stats/stats.service.js';
import { pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import { localeOf, type Spoken } from '../text/language.js';
import { sharedTexts } from '../text/shared-texts.js';
import { statsRequestOf } from './stats-order.js';
import { statsEn, type StatsTexts } from './stats.en.js';
import { statsView } from './stats.view.js';
import { statsZh } from './stats.zh.js';

const statsTexts: Spoken<StatsTexts> = { en: statsEn, zh: statsZh };

@PageController()
export class StatsController {
  constructor(
    private readonly pages: Pages,
    private readonly stats: StatsService,
  ) {}

  @Get(pageRoutes('stats')) async show(@FromVisit() visit: Visit, @Query() query: unknown): Promise<string> {
    const request = statsRequestOf(query);
    const found = request.hours === undefined ? { kinds: [], total: undefined } : await this.stats.kindsAndTotal(request.hours);
    const speech = { ...speechOf(statsTexts, visit), shared: sharedTexts[visit.language] };
    const view = statsView({ request, ...found, locale: localeOf[visit.language] }, speech);
    const status = request.hours === undefined ? 400 : 200;
    return this.pages.html(visit, { page: 'stats', template: 'stats', title: view.title, view, styles: ['traffic.css'], status });
  }
}
