import { Get } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ChannelsService } from '../../channels/channels.service.js';
import type { Config } from '../../config/config.js';
import { LogsService } from '../../logs/logs.service.js';
import { pagePath, pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, type Visit } from '../shell/visit.js';
import type { Spoken } from '../text/language.js';
import { connectEn, type ConnectTexts } from './connect.en.js';
import { connectView, isSuccess, type ConnectFacts } from './connect.view.js';
import { connectZh } from './connect.zh.js';
import { originOf } from './request-origin.js';

const connectTexts: Spoken<ConnectTexts> = { en: connectEn, zh: connectZh };
/** As far as the log reaches back at most. */
const hours = 720;

@PageController()
export class ConnectController {
  constructor(
    private readonly pages: Pages,
    private readonly settings: ConfigService<Config, true>,
    private readonly channels: ChannelsService,
    private readonly logs: LogsService,
  ) {}

  @Get(pageRoutes('connect')) async show(@FromVisit() visit: Visit): Promise<string> {
    const view = connectView(await this.facts(visit), Date.now(), speechOf(connectTexts, visit));
    const files = { scripts: ['connect.js'], styles: ['connect.css'] };
    return this.pages.html(visit, { page: 'connect', template: 'connect', title: view.title, view, ...files });
  }

  private async facts({ request }: Visit): Promise<ConnectFacts> {
    const [last] = (await this.logs.page({ hours, limit: 1 })).rows;
    const isServed = last === undefined || isSuccess(last.status_code);
    const [served] = isServed ? [last] : (await this.logs.page({ hours, limit: 1, status: '2xx' })).rows;
    const enabled = this.channels.list().filter((channel) => channel.enabled);
    const [channels, logs] = [pagePath('channels'), pagePath('logs')];
    return {
      origin: originOf(request),
      isGateOpen: this.settings.get('tokens', { infer: true }).length === 0,
      enabledChannels: enabled.length,
      models: [...new Set(enabled.flatMap(({ models }) => models))],
      served,
      last,
      addChannelPath: channels === undefined ? undefined : `${channels}/new`,
      tracePath: logs === undefined ? undefined : (requestId) => `${logs}/${encodeURIComponent(requestId)}`,
    };
  }
}
