import type { DataSource } from 'typeorm';
import { dialectOf, type Dialect } from '../database/dialect.js';
import { runSql } from '../database/run-sql.js';
import { hourMs, minuteMs, type EpochMs } from '../domain/time.js';
import { metricsView } from './metrics-view.js';
import type { CurveSpan, CurveStep, KindStatistics, RequestCounts, RequestSummary, TrendStep } from './request-summary.js';
import { curveStatement, kindsStatement, sourceOf, summaryStatement, trendStatement } from './stats-statements.js';
import { durationClasses, firstByteClasses } from './trend-columns.js';

type Row = Readonly<Record<string, number | string | null>>;

const numberOf = (row: Row, column: string): number => Number(row[column] ?? 0);
const textOf = (row: Row, column: string): string => String(row[column] ?? '');

const countsOf = (row: Row): RequestCounts => ({
  success: numberOf(row, 'success'),
  error: numberOf(row, 'error'),
  clientLeft: numberOf(row, 'client_left'),
  inputTokens: numberOf(row, 'input_tokens'),
  outputTokens: numberOf(row, 'output_tokens'),
  cacheReadTokens: numberOf(row, 'cache_read_tokens'),
  cacheCreationTokens: numberOf(row, 'cache_creation_tokens'),
  firstByteCount: numberOf(row, 'first_byte_count'),
  firstByteSum: numberOf(row, 'first_byte_sum'),
  firstByteCounts: firstByteClasses.map((column) => numberOf(row, column)),
});

const kindOf = (row: Row): KindStatistics => ({
  ...countsOf(row),
  channelId: numberOf(row, 'channel_id'),
  channelName: textOf(row, 'channel_name'),
  model: textOf(row, 'model'),
  durationSum: numberOf(row, 'duration_sum'),
  durationCounts: durationClasses.map((column) => numberOf(row, column)),
});

const stepOf = (row: Row): CurveStep => ({
  start: numberOf(row, 'start'),
  success: numberOf(row, 'success'),
  error: numberOf(row, 'error'),
  channels: textOf(row, 'channels'),
  inputTokens: numberOf(row, 'input_tokens'),
  outputTokens: numberOf(row, 'output_tokens'),
  cacheReadTokens: numberOf(row, 'cache_read_tokens'),
  cacheCreationTokens: numberOf(row, 'cache_creation_tokens'),
  firstByteCount: numberOf(row, 'first_byte_count'),
  firstByteSum: numberOf(row, 'first_byte_sum'),
});

const trendStepOf = (row: Row): TrendStep => ({
  ...countsOf(row),
  start: numberOf(row, 'start'),
  channelId: numberOf(row, 'channel_id'),
});

/**
 * Counts of client requests: final rows only, one per request, however many attempts it took. They come from the trends,
 * and from the log for the rows that have not been rolled up yet, so they are complete to the last row.
 */
export class StatsRepository {
  private readonly dialect: Dialect;

  constructor(private readonly dataSource: DataSource) {
    this.dialect = dialectOf(dataSource);
  }

  /** Requests that began in the minutes from that of `since` to that of `now`. */
  async summary(since: EpochMs, now: EpochMs): Promise<RequestSummary> {
    const from = since - (since % minuteMs);
    const last = now - (now % minuteMs);
    const [counts] = await runSql<Row>(this.dataSource, summaryStatement(this.dialect), [from, last, from, last + minuteMs]);
    return {
      totalRequests: numberOf(counts ?? {}, 'total'),
      successRequests: numberOf(counts ?? {}, 'success'),
      errorRequests: numberOf(counts ?? {}, 'error'),
    };
  }

  /** What happened in each step, oldest first. */
  async curve({ since, until, stepMs }: CurveSpan): Promise<readonly CurveStep[]> {
    const values = [stepMs, since, until, stepMs, since, until];
    const rows = await runSql<Row>(this.dataSource, curveStatement(this.dialect, sourceOf(stepMs)), values);
    return rows.map(stepOf);
  }

  /**
   * The same as the API shows it, already as JSON: 2 000 points of 12 channels are 1.2 MB, and made where requests are
   * relayed they would hold up every stream for 20 ms.
   */
  async curveJson(span: CurveSpan): Promise<string> {
    return JSON.stringify(metricsView(await this.curve(span), span));
  }

  /** What happened in each step, oldest first: to all requests together (as channel 0), or to those of each of the channels. */
  async trend({ since, until, stepMs }: CurveSpan, channelIds: readonly number[] | undefined): Promise<readonly TrendStep[]> {
    const among = channelIds === undefined ? [] : [JSON.stringify(channelIds)];
    const values = [stepMs, since, until, ...among, stepMs, since, until, ...among];
    const statement = trendStatement(this.dialect, sourceOf(stepMs), among.length === 0 ? 'all' : 'channels');
    const rows = await runSql<Row>(this.dataSource, statement, values);
    return rows.map(trendStepOf);
  }

  /** What requests came to since the hour `since` lies in, per channel and model, most requests first. */
  async kinds(since: EpochMs): Promise<readonly KindStatistics[]> {
    const from = since - (since % hourMs);
    const rows = await runSql<Row>(this.dataSource, kindsStatement(this.dialect), [from, from]);
    return rows.map(kindOf);
  }
}
