import { Get, NotFoundException, Query } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { LogsService } from '../../logs/logs.service.js';
import { pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { spanHoursMax } from '../shell/span-choice.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { logsEn, type LogsTexts } from './logs.en.js';
import { logsView, rowsPerPage, type LogsFacts } from './logs.view.js';
import { logsZh } from './logs.zh.js';
import { logRequestOf } from './parse-log-query.js';
import { requestEn, type RequestTexts } from './request.en.js';
import { requestView } from './request.view.js';
import { requestZh } from './request.zh.js';

const logsTexts: Spoken<LogsTexts> = { en: logsEn, zh: logsZh };
const requestTexts: Spoken<RequestTexts> = { en: requestEn, zh: requestZh };

/** More than a request has, because every attempt is another channel. */
const attemptsShownMax = 1_000;
const requestIdCharsMax = 256;
const scripts = ['logs.js'];
const styles = ['traffic.css'];

@PageController()
export class LogsController {
  constructor(
    private readonly pages: Pages,
    private readonly logs: LogsService,
    private readonly channels: ChannelsService,
  ) {}

  @Get(pageRoutes('logs')) async list(@FromVisit() visit: Visit, @Query() query: unknown): Promise<string> {
    const facts = await this.facts(visit, query);
    const view = logsView(facts, Date.now(), speechOf(logsTexts, visit));
    const status = facts.request.query === undefined ? 400 : 200;
    return this.pages.html(visit, { page: 'logs', template: 'logs', title: view.title, view, scripts, styles, status });
  }

  @Get('logs/:id') async request(@FromVisit() visit: Visit): Promise<string> {
    const { id } = visit.request.params;
    if (typeof id !== 'string' || id.length > requestIdCharsMax) throw new NotFoundException('there is no such request');
    const { rows } = await this.logs.page({ request_id: id, hours: spanHoursMax, limit: attemptsShownMax });
    const [first, ...others] = rows;
    if (first === undefined) throw new NotFoundException('there is no such request');
    const view = requestView([first, ...others], Date.now(), speechOf(requestTexts, visit));
    return this.pages.html(visit, { page: 'logs', template: 'request', title: view.title, view, scripts: [], styles });
  }

  private async facts(visit: Visit, query: unknown): Promise<LogsFacts> {
    const request = logRequestOf(query);
    const asked = { ...request.query, limit: rowsPerPage, offset: (request.page - 1) * rowsPerPage };
    const { rows, count } = request.query === undefined ? { rows: [], count: 0 } : await this.logs.page(asked);
    return { request, rows, count, channels: this.channels.list(), language: visit.language };
  }
}
