import { Get } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { EventsService } from '../../events/events.service.js';
import { StatsService } from '../../stats/stats.service.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { overviewEn, type OverviewTexts } from './overview.en.js';
import { overviewView, type OverviewFacts } from './overview.view.js';
import { overviewZh } from './overview.zh.js';

const overviewTexts: Spoken<OverviewTexts> = { en: overviewEn, zh: overviewZh };
const hours = 24;
const chartBucketMinutes = 30;

@PageController()
export class OverviewController {
  constructor(
    private readonly pages: Pages,
    private readonly stats: StatsService,
    private readonly channels: ChannelsService,
    private readonly events: EventsService,
  ) {}

  @Get(['', 'index.html', 'index']) async show(@FromVisit() visit: Visit): Promise<string> {
    const view = overviewView(await this.facts(), Date.now(), speechOf(overviewTexts, visit));
    return this.pages.html(visit, { page: 'overview', template: 'overview', title: view.title, view, scripts: ['overview.js'] });
  }

  private async facts(): Promise<OverviewFacts> {
    const [summary, kinds, points] = await Promise.all([
      this.stats.summary(),
      this.stats.kinds({ hours }),
      this.stats.metrics({ hours, bucket_min: chartBucketMinutes }),
    ]);
    const { total_requests: total, success_requests: success, error_requests: error } = summary;
    return { total, success, error, hours, live: this.events.callsUnderWay, channels: this.channels.list(), kinds, points };
  }
}
