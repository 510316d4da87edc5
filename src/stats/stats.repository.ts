import type { DataSource } from 'typeorm';
import { hourMs, minuteMs, type EpochMs } from '../domain/time.js';
import type { ChannelStep, CurveSpan, CurveStep, KindStatistics, RequestSummary } from './request-summary.js';
import { durationClasses, firstByteClasses, hourSummands, minuteSummands, sumsOfRows, sumsOfTrends } from './trend-columns.js';

/** Pairs of channel and model in one answer, most requests first. */
export const kindsMax = 5_000;

type Row = Readonly<Record<string, number | string | null>>;

const numberOf = (row: Row, column: string): number => Number(row[column] ?? 0);
const textOf = (row: Row, column: string): string => String(row[column] ?? '');

// A statement sees one state of the database: a row is in the trends or in this rest, never in both and never in neither.
const notRolledUp = 'final = 1 AND id > (SELECT through_log_id FROM trend_progress WHERE id = 1)';

const kindsStatement = `
  SELECT channel_id, model, MAX(channel_name) AS channel_name, ${sumsOfTrends(hourSummands)} FROM (
    SELECT channel_id, model, channel_name, ${hourSummands.map(({ column }) => column).join(', ')}
    FROM hourly_trends WHERE hour >= ?
    UNION ALL
    SELECT COALESCE(channel_id, 0), model, COALESCE(MAX(channel_name), ''), ${sumsOfRows(hourSummands)}
    FROM logs WHERE ${notRolledUp} AND time >= ? GROUP BY 1, 2
  ) AS counted GROUP BY channel_id, model ORDER BY SUM(success + error + client_left) DESC, channel_id, model LIMIT ${kindsMax}`;

const curveStatement = (table: string, start: string): string => `
  SELECT start, channel_name, ${sumsOfTrends(minuteSummands)} FROM (
    SELECT ${start} - ${start} % ? AS start, channel_name, ${minuteSummands.map(({ column }) => column).join(', ')}
    FROM ${table} WHERE ${start} >= ? AND ${start} < ?
    UNION ALL
    SELECT time - time % ?, COALESCE(channel_name, ''), ${sumsOfRows(minuteSummands)}
    FROM logs WHERE ${notRolledUp} AND time >= ? AND time < ? GROUP BY 1, 2
  ) AS counted GROUP BY start, channel_name ORDER BY start, channel_name`;

const summaryStatement = `
  SELECT SUM(success + error + client_left) AS total, SUM(success) AS success, SUM(error) AS error FROM (
    SELECT success, error, client_left FROM minute_trends WHERE minute >= ? AND minute <= ?
    UNION ALL
    SELECT ${sumsOfRows(minuteSummands.slice(0, 3))} FROM logs WHERE ${notRolledUp} AND time >= ? AND time < ?
  ) AS counted`;

const kindOf = (row: Row): KindStatistics => ({
  channelId: numberOf(row, 'channel_id'),
  channelName: textOf(row, 'channel_name'),
  model: textOf(row, 'model'),
  success: numberOf(row, 'success'),
  error: numberOf(row, 'error'),
  clientLeft: numberOf(row, 'client_left'),
  inputTokens: numberOf(row, 'input_tokens'),
  outputTokens: numberOf(row, 'output_tokens'),
  cacheReadTokens: numberOf(row, 'cache_read_tokens'),
  cacheCreationTokens: numberOf(row, 'cache_creation_tokens'),
  durationSum: numberOf(row, 'duration_sum'),
  durationCounts: durationClasses.map((column) => numberOf(row, column)),
  firstByteCount: numberOf(row, 'first_byte_count'),
  firstByteSum: numberOf(row, 'first_byte_sum'),
  firstByteCounts: firstByteClasses.map((column) => numberOf(row, column)),
});

const channelOf = (row: Row): ChannelStep => ({
  channelName: textOf(row, 'channel_name'),
  success: numberOf(row, 'success'),
  error: numberOf(row, 'error'),
});

const stepOf = (start: EpochMs, rows: readonly Row[]): CurveStep => {
  const sum = (column: string): number => rows.reduce((total, row) => total + numberOf(row, column), 0);
  return {
    start,
    channels: rows.map(channelOf),
    inputTokens: sum('input_tokens'),
    outputTokens: sum('output_tokens'),
    cacheReadTokens: sum('cache_read_tokens'),
    cacheCreationTokens: sum('cache_creation_tokens'),
    firstByteCount: sum('first_byte_count'),
    firstByteSum: sum('first_byte_sum'),
  };
};

/**
 * Counts of client requests: final rows only, one per request, however many attempts it took. They come from the trends,
 * and from the log for the rows that have not been rolled up yet, so they are complete to the last row.
 */
export class StatsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Requests that began in the minutes from that of `since` to that of `now`. */
  async summary(since: EpochMs, now: EpochMs): Promise<RequestSummary> {
    const from = since - (since % minuteMs);
    const last = now - (now % minuteMs);
    const [counts]: readonly Row[] = await this.dataSource.query(summaryStatement, [from, last, from, last + minuteMs]);
    return {
      totalRequests: numberOf(counts ?? {}, 'total'),
      successRequests: numberOf(counts ?? {}, 'success'),
      errorRequests: numberOf(counts ?? {}, 'error'),
    };
  }

  /** What happened in each step, oldest first. Steps of whole hours are read from a table that is far smaller. */
  async curve({ since, until, stepMs }: CurveSpan): Promise<readonly CurveStep[]> {
    const statement = stepMs % hourMs === 0 ? curveStatement('hourly_trends', 'hour') : curveStatement('minute_trends', 'minute');
    const rows: readonly Row[] = await this.dataSource.query(statement, [stepMs, since, until, stepMs, since, until]);
    const steps = new Map<EpochMs, Row[]>();
    for (const row of rows) {
      const start = numberOf(row, 'start');
      const step = steps.get(start);
      if (step === undefined) steps.set(start, [row]);
      else step.push(row);
    }
    return [...steps].map(([start, rowsOfStep]) => stepOf(start, rowsOfStep));
  }

  /** What requests came to since the hour `since` lies in, per channel and model, most requests first. */
  async kinds(since: EpochMs): Promise<readonly KindStatistics[]> {
    const from = since - (since % hourMs);
    const rows: readonly Row[] = await this.dataSource.query(kindsStatement, [from, from]);
    return rows.map(kindOf);
  }
}
