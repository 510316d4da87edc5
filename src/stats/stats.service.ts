import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service.js';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { hourMs, secondMs, type EpochMs } from '../domain/time.js';
import type { RequestSummary } from './request-summary.js';
import type { StatsRepository } from './stats.repository.js';
import { summaryView, type SummaryView } from './summary-view.js';

export const summaryHours = 24;
const summaryKeptMs = 2 * secondMs;

interface KeptSummary {
  /** When the count was there; `undefined` while it is under way. */
  countedAt: EpochMs | undefined;
  readonly summary: Promise<RequestSummary>;
}

/** Counts for everybody. The table is asked at most once in two seconds and never twice at a time, however many ask here. */
@Injectable()
export class StatsService {
  private readonly stats: Remote<StatsRepository>;
  private kept: KeptSummary | undefined;

  constructor(
    database: Database,
    private readonly channels: ChannelsService,
  ) {
    this.stats = database.remote('stats');
  }

  async summary(): Promise<SummaryView> {
    return summaryView(await this.counted(Date.now()), this.channels.activeCounts(), summaryHours);
  }

  /** A failed count is told to those who waited for it and not kept. */
  private counted(now: EpochMs): Promise<RequestSummary> {
    const { kept } = this;
    if (kept !== undefined && (kept.countedAt === undefined || now - kept.countedAt < summaryKeptMs)) return kept.summary;
    const fresh: KeptSummary = { countedAt: undefined, summary: this.stats.summary(now - summaryHours * hourMs, now) };
    this.kept = fresh;
    fresh.summary.then(
      () => (fresh.countedAt = Date.now()),
      () => (this.kept = undefined),
    );
    return fresh.summary;
  }
}
