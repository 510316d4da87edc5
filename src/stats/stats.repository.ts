import type { DataSource } from 'typeorm';
import { hourMs, minuteMs, type EpochMs } from '../domain/time.js';
import type { CurveSpan, CurveStep, KindStatistics, RequestSummary } from './request-summary.js';
import { durationClasses, firstByteClasses, hourSummands, minuteSummands, minuteWidths, sumsOfRows, sumsOfTrends } from './trend-columns.js';

/** Pairs of channel and model in one answer, most requests first. */
export const kindsMax = 5_000;

type Row = Readonly<Record<string, number | string | null>>;

const numberOf = (row: Row, column: string): number => Number(row[column] ?? 0);
const textOf = (row: Row, column: string): string => String(row[column] ?? '');

// A statement sees one state of the database: a row is in the trends or in this rest, never in both and never in neither.
// Without an index the rows are found by their ids, which are few; the index on time would lead through millions.
const rest = 'logs NOT INDEXED WHERE final = 1 AND id > (SELECT through_log_id FROM trend_progress WHERE id = 1)';

const kindsStatement = `
  SELECT channel_id, model, MAX(channel_name) AS channel_name, ${sumsOfTrends(hourSummands)} FROM (
    SELECT channel_id, model, channel_name, ${hourSummands.map(({ column }) => column).join(', ')}
    FROM hourly_trends WHERE hour >= ?
    UNION ALL
    SELECT COALESCE(channel_id, 0), model, COALESCE(MAX(channel_name), ''), ${sumsOfRows(hourSummands)}
    FROM ${rest} AND time >= ? GROUP BY 1, 2
  ) AS counted GROUP BY channel_id, model ORDER BY SUM(success + error + client_left) DESC, channel_id, model LIMIT ${kindsMax}`;

/** Where a curve is read from: the fewest rows that its steps can be made of. */
const sourceOf = (stepMs: number): { readonly rows: string; readonly start: string } => {
  if (stepMs % hourMs === 0) return { rows: 'hourly_trends WHERE', start: 'hour' };
  const width = minuteWidths.findLast((minutes) => stepMs % (minutes * minuteMs) === 0) ?? 1;
  return { rows: `minute_trends WHERE width = ${width} AND`, start: 'start' };
};

const curveColumns = minuteSummands.map(({ column }) => column).join(', ');
const pointOfChannel = `json_object('success', success, 'error', error)`;

// Thousands of small objects take longer to cross the threads than to parse, so channels cross as text.
const curveStatement = ({ rows, start }: ReturnType<typeof sourceOf>): string => `
  SELECT start, json_group_object(channel_name, ${pointOfChannel}) FILTER (WHERE channel_name <> '') AS channels,
    ${sumsOfTrends(minuteSummands)}
  FROM (
    SELECT start, channel_name, ${sumsOfTrends(minuteSummands)} FROM (
      SELECT ${start} - ${start} % ? AS start, channel_name, ${curveColumns} FROM ${rows} ${start} >= ? AND ${start} < ?
      UNION ALL
      SELECT time - time % ?, COALESCE(channel_name, ''), ${sumsOfRows(minuteSummands)}
      FROM ${rest} AND time >= ? AND time < ? GROUP BY 1, 2
    ) AS counted GROUP BY 1, 2
  ) AS of_channels GROUP BY start ORDER BY start`;

const summaryStatement = `
  SELECT SUM(success + error + client_left) AS total, SUM(success) AS success, SUM(error) AS error FROM (
    SELECT success, error, client_left FROM minute_trends WHERE width = 1 AND start >= ? AND start <= ?
    UNION ALL
    SELECT ${sumsOfRows(minuteSummands.slice(0, 3))} FROM ${rest} AND time >= ? AND time < ?
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

  /** What happened in each step, oldest first. */
  async curve({ since, until, stepMs }: CurveSpan): Promise<readonly CurveStep[]> {
    const values = [stepMs, since, until, stepMs, since, until];
    const rows: readonly Row[] = await this.dataSource.query(curveStatement(sourceOf(stepMs)), values);
    return rows.map(stepOf);
  }

  /** What requests came to since the hour `since` lies in, per channel and model, most requests first. */
  async kinds(since: EpochMs): Promise<readonly KindStatistics[]> {
    const from = since - (since % hourMs);
    const rows: readonly Row[] = await this.dataSource.query(kindsStatement, [from, from]);
    return rows.map(kindOf);
  }
}
