import { Body, Get, Post, Query } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { CooldownService } from '../../cooldown/cooldown.service.js';
import type { EpochMs } from '../../domain/time.js';
import { callerOf } from '../../http/caller.js';
import { LogsService } from '../../logs/logs.service.js';
import { pageRoutes } from '../shell/navigation.js';
import { PageController } from '../shell/page-controller.js';
import { Pages } from '../shell/pages.js';
import { speechOf } from '../shell/shell.view.js';
import { FromVisit, redirectTo, type Visit } from '../shell/visit.js';
import { sharedTexts } from '../text/shared-texts.js';
import type { Spoken } from '../text/language.js';
import { channelPage, type ChannelFacts } from './channel-facts.js';
import { channelListEn, type ChannelListTexts } from './channel-list.en.js';
import { channelListView, type ListProblem } from './channel-list.view.js';
import { channelListZh } from './channel-list.zh.js';
import { channelsPath, listPath, listQueryOf } from './list-query.js';
import { rowChangeOf, type RowChange } from './row-change.js';

const listTexts: Spoken<ChannelListTexts> = { en: channelListEn, zh: channelListZh };
const hours = 24;

type Refusal = keyof Pick<ChannelListTexts['problems'], 'stale' | 'unknown' | 'busy' | 'name-taken'>;
const statusOf: Readonly<Record<Refusal, number>> = { stale: 409, unknown: 404, busy: 503, 'name-taken': 409 };

@PageController()
export class ChannelListController {
  constructor(
    private readonly pages: Pages,
    private readonly channels: ChannelsService,
    private readonly cooldowns: CooldownService,
    private readonly logs: LogsService,
  ) {}

  @Get(pageRoutes('channels')) show(@FromVisit() visit: Visit, @Query() query: unknown): Promise<string> {
    return this.page(visit, query, 200);
  }

  /** What is changed in the list itself; the forms of a row keep the list's address. */
  @Post(pageRoutes('channels')) async change(@FromVisit() visit: Visit, @Query() query: unknown, @Body() body: unknown): Promise<string> {
    const { problems } = listTexts[visit.language];
    const change = rowChangeOf(body);
    if (change === undefined) return this.page(visit, query, 400, { sentence: problems.form });
    if (change.kind === 'priority' && !(Math.abs(change.priority) <= this.channels.bounds.priorityMax)) {
      const limit = speechOf(listTexts, visit).formats.number(this.channels.bounds.priorityMax);
      return this.page(visit, query, 400, { sentence: problems.priority(limit), channelId: change.id, priority: change.typed });
    }
    const result = await this.apply(change, visit);
    if (typeof result === 'string') return this.page(visit, query, statusOf[result], { sentence: problems[result] });
    if (change.kind === 'copy') return redirectTo(visit, `${channelsPath}/${result.id}/edit`, { key: 'channelCopied', subject: result.name });
    const keys = { priority: 'channelSaved', enable: 'channelEnabled', disable: 'channelDisabled', clear: 'cooldownCleared' } as const;
    return redirectTo(visit, listPath(listQueryOf(query)), { key: keys[change.kind], subject: result.name });
  }

  private apply(change: RowChange, { request }: Visit): ReturnType<ChannelsService['update']> {
    const caller = callerOf(request);
    const { id } = change;
    switch (change.kind) {
      case 'priority':
        return this.channels.update(id, { priority: change.priority, updated_at: change.updatedAt }, caller);
      case 'enable':
        return this.channels.update(id, { enabled: true }, caller);
      case 'disable':
        return this.channels.update(id, { enabled: false }, caller);
      case 'clear':
        return this.channels.endCooldown(id, caller);
      case 'copy':
        return this.channels.copy(id, caller);
    }
  }

  private async page(visit: Visit, query: unknown, status: number, problem?: ListProblem): Promise<string> {
    const now = Date.now();
    const channels = await this.facts(now);
    const shown = channelPage(channels, listQueryOf(query));
    const traffic = await this.logs.hourlyAttempts(shown.rows.map(({ id }) => id), hours);
    const facts = { channels, page: shown, hours: traffic, ...(problem === undefined ? {} : { problem }) };
    const view = channelListView(facts, now, speechOf(listTexts, visit), sharedTexts[visit.language]);
    return this.pages.html(visit, { page: 'channels', template: 'channels', title: view.title, view, status, scripts: ['channels.js'], styles: ['channels.css'] });
  }

  private async facts(now: EpochMs): Promise<readonly ChannelFacts[]> {
    const attempts = new Map((await this.logs.attemptsByChannel(hours)).map((counts) => [counts.channelId, counts] as const));
    return this.channels.list().map((channel) => ({
      ...channel,
      isUsable: this.channels.urlFault(channel.url) === undefined,
      cooling: this.cooldowns.coolingScopes(channel.id, now),
      succeeded: attempts.get(channel.id)?.succeeded ?? 0,
      failed: attempts.get(channel.id)?.failed ?? 0,
    }));
  }
}
