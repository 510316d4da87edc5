import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { CooldownService } from '../../cooldown/cooldown.service.js';
import { EventsService } from '../../events/events.service.js';
import { LogsService } from '../../logs/logs.service.js';
import { StatsService } from '../../stats/stats.service.js';
import { pagePath } from '../shell/navigation.js';
import type { ChannelFacts } from './channel-health.view.js';
import { errorRowsMax, type ErrorFacts } from './last-errors.view.js';
import type { OverviewFacts, OverviewPaths } from './overview.view.js';

const hours = 24;
const chartBucketMinutes = 30;
/** Clients that left are 4xx too and are not shown; so many newer ones may hide a refusal. */
const refusalsLookedAt = 50;

/** Gathers what the overview shows from the features that know it. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly stats: StatsService,
    private readonly channels: ChannelsService,
    private readonly cooldowns: CooldownService,
    private readonly logs: LogsService,
    private readonly events: EventsService,
  ) {}

  async facts(): Promise<OverviewFacts> {
    const [summary, kinds, points, channels, errors] = await Promise.all([
      this.stats.summary(),
      this.stats.kinds({ hours }),
      this.stats.metrics({ hours, bucket_min: chartBucketMinutes }),
      this.channelFacts(),
      this.errors(),
    ]);
    const { total_requests: total, success_requests: success, error_requests: error } = summary;
    return { total, success, error, hours, live: this.events.live, channels, kinds, points, errors, paths: this.paths() };
  }

  private async channelFacts(): Promise<readonly ChannelFacts[]> {
    const attempts = new Map((await this.logs.attemptsByChannel(hours)).map((counts) => [counts.channelId, counts] as const));
    const now = Date.now();
    return this.channels.list().map(({ id, name, url, enabled }) => ({
      id,
      name,
      // One that cannot be used serves nobody; the page of channels says why.
      enabled: enabled && this.channels.urlFault(url) === undefined,
      cooling: this.cooldowns.coolingScopes(id, now),
      succeeded: attempts.get(id)?.succeeded ?? 0,
      failed: attempts.get(id)?.failed ?? 0,
    }));
  }

  private async errors(): Promise<readonly ErrorFacts[]> {
    const [failures, refusals] = await Promise.all([
      this.logs.page({ hours, status: '5xx', limit: errorRowsMax }),
      this.logs.page({ hours, status: '4xx', limit: refusalsLookedAt }),
    ]);
    return [...failures.rows, ...refusals.rows];
  }

  private paths(): OverviewPaths {
    const [channels, logs] = [pagePath('channels'), pagePath('logs')];
    return {
      connect: pagePath('connect') ?? '/web/',
      channels,
      addChannel: channels === undefined ? undefined : `${channels}/new`,
      trace: logs === undefined ? undefined : (requestId) => `${logs}/${encodeURIComponent(requestId)}`,
    };
  }
}
