import { BadRequestException, Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service.js';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { hourMs, secondMs, type EpochMs } from '../domain/time.js';
import { metricsSpan } from './metrics-span.js';
import { metricsView, type MetricsPointView } from './metrics-view.js';
import type { CurveSpan, KindStatistics, RequestSummary } from './request-summary.js';
import type { MetricsQueryDto, StatsQueryDto } from './stats-query.dto.js';
import { statsView, totalView, type StatsView } from './stats-view.js';
import type { StatsRepository } from './stats.repository.js';
import { summaryView, type SummaryView } from './summary-view.js';
import { trendViews, type TrendView } from './trend-view.js';

export const summaryHours = 24;
const summaryKeptMs = 2 * secondMs;

/** Curves of which hours, in which steps and of which channels; of all requests together when no channel is named. */
export interface TrendQuery {
  readonly hours: number;
  readonly bucketMinutes: number;
  readonly channelIds?: readonly number[] | undefined;
}

interface KeptSummary {
  /** When the count was there; `undefined` while it is under way. */
  countedAt: EpochMs | undefined;
  readonly summary: Promise<RequestSummary>;
}

/** Throws 400 for more points than a curve may have. */
const spanOf = ({ hours = summaryHours, bucket_min }: Readonly<MetricsQueryDto>): CurveSpan => {
  const span = metricsSpan(hours, bucket_min, Date.now());
  if (typeof span === 'string') throw new BadRequestException(span);
  return span;
};

/**
 * Counts for everybody and curves for the operator. For what everybody may ask, the table is asked at most once in two
 * seconds and never twice at a time, however many ask here.
 */
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

  /** A curve over the last hours, with a point for every bucket. */
  async metrics(query: Readonly<MetricsQueryDto>): Promise<readonly MetricsPointView[]> {
    const span = spanOf(query);
    return metricsView(await this.stats.curve(span), span);
  }

  /** The same as JSON. */
  metricsJson(query: Readonly<MetricsQueryDto>): Promise<string> {
    return this.stats.curveJson(spanOf(query));
  }

  /** The last hours, rounded up to a full hour, per channel and model. */
  async kinds({ hours = summaryHours }: Readonly<StatsQueryDto>): Promise<readonly StatsView[]> {
    return this.viewed(await this.stats.kinds(Date.now() - hours * hourMs));
  }

  /** The same, and what they come to together; no total when there is nothing. */
  async kindsAndTotal(hours: number): Promise<{ readonly kinds: readonly StatsView[]; readonly total: StatsView | undefined }> {
    const kinds = await this.stats.kinds(Date.now() - hours * hourMs);
    return { kinds: this.viewed(kinds), total: totalView(kinds) };
  }

  /** Curves with a point for every bucket. Throws 400 for more points than a curve may have. */
  async trend({ hours, bucketMinutes, channelIds }: TrendQuery): Promise<readonly TrendView[]> {
    const span = spanOf({ hours, bucket_min: bucketMinutes });
    return trendViews(await this.stats.trend(span, channelIds), channelIds, span);
  }

  /** Under the names that channels have now. */
  private viewed(kinds: readonly KindStatistics[]): readonly StatsView[] {
    const names = new Map(this.channels.list().map(({ id, name }) => [id, name] as const));
    return kinds.map((kind) => statsView(kind, names.get(kind.channelId)));
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
