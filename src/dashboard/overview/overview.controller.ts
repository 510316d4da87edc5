import { Get } from '@nestjs/common';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { overviewEn, type OverviewTexts } from './overview.en.js';
import { OverviewService } from './overview.service.js';
import { overviewView } from './overview.view.js';
import { overviewZh } from './overview.zh.js';

const overviewTexts: Spoken<OverviewTexts> = { en: overviewEn, zh: overviewZh };

@PageController()
export class OverviewController {
  constructor(
    private readonly pages: Pages,
    private readonly overview: OverviewService,
  ) {}

  @Get(['', 'index.html', 'index']) async show(@FromVisit() visit: Visit): Promise<string> {
    const view = overviewView(await this.overview.facts(), Date.now(), speechOf(overviewTexts, visit));
    return this.pages.html(visit, {
      page: 'overview',
      template: 'overview',
      title: view.title,
      view,
      scripts: ['overview.js'],
      styles: ['overview.css'],
    });
  }
}
