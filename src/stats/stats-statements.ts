import type { Dialect } from '../database/dialect.js';
import { hourMs, minuteMs } from '../domain/time.js';
import { curveSummands, hourSummands, minuteSummands, minuteWidths, sumsOfRows, sumsOfTrends, type Summand } from './trend-columns.js';

/** Pairs of channel and model in one answer, most requests first. */
export const kindsMax = 5_000;

const columnsOf = (summands: readonly Summand[]): string => summands.map(({ column }) => column).join(', ');

// A statement sees one state of the database: a row is in the trends or in this rest, never in both and never in neither.
// Without an index the rows are found by their ids, which are few; the index on time would lead through millions.
const rest = ({ byNoIndex }: Dialect): string =>
  `logs ${byNoIndex} WHERE final = TRUE AND id > (SELECT through_log_id FROM trend_progress WHERE id = 1)`;

/** Wants the beginning, a whole hour, twice. */
export const kindsStatement = (dialect: Dialect): string => `
  SELECT channel_id, model, MAX(channel_name) AS channel_name, ${sumsOfTrends(hourSummands)} FROM (
    SELECT channel_id, model, channel_name, ${columnsOf(hourSummands)}
    FROM hourly_trends WHERE hour >= ?
    UNION ALL
    SELECT COALESCE(channel_id, 0), model, COALESCE(MAX(channel_name), ''), ${sumsOfRows(hourSummands)}
    FROM ${rest(dialect)} AND time >= ? GROUP BY 1, 2
  ) AS counted GROUP BY channel_id, model ORDER BY SUM(success + error + client_left) DESC, channel_id, model LIMIT ${kindsMax}`;

/** Where a curve is read from: the fewest rows that its steps can be made of. */
export const sourceOf = (stepMs: number): { readonly rows: string; readonly start: string } => {
  if (stepMs % hourMs === 0) return { rows: 'hourly_trends WHERE', start: 'hour' };
  const width = minuteWidths.findLast((minutes) => stepMs % (minutes * minuteMs) === 0) ?? 1;
  return { rows: `minute_trends WHERE width = ${width} AND`, start: 'start' };
};

const curveColumns = columnsOf(curveSummands);

/**
 * Wants step, beginning and end, twice. Thousands of small objects take longer to cross the threads than to parse, so
 * channels cross as text.
 */
export const curveStatement = (dialect: Dialect, { rows, start }: ReturnType<typeof sourceOf>): string => `
  SELECT start, ${dialect.objectOf('channel_name', dialect.object(`'success', success, 'error', error`), `channel_name <> ''`)} AS channels,
    ${sumsOfTrends(curveSummands)}
  FROM (
    SELECT start, channel_name, ${sumsOfTrends(curveSummands)} FROM (
      SELECT ${start} - ${start} % ? AS start, channel_name, ${curveColumns} FROM ${rows} ${start} >= ? AND ${start} < ?
      UNION ALL
      SELECT time - time % ?, COALESCE(channel_name, ''), ${sumsOfRows(curveSummands)}
      FROM ${rest(dialect)} AND time >= ? AND time < ? GROUP BY 1, 2
    ) AS counted GROUP BY 1, 2
  ) AS of_channels GROUP BY start ORDER BY start`;

/**
 * Wants step, beginning and end, twice. `whose`: one line of all requests, or one per channel of a JSON list of ids, which
 * then follows each end.
 */
export const trendStatement = (dialect: Dialect, { rows, start }: ReturnType<typeof sourceOf>, whose: 'all' | 'channels'): string => {
  const [ofTrend, ofRow, among] =
    whose === 'all' ? ['0', '0', ''] : ['channel_id', 'COALESCE(channel_id, 0)', `AND COALESCE(channel_id, 0) IN ${dialect.integersOf('?')}`];
  return `
  SELECT start, channel_id, ${sumsOfTrends(minuteSummands)} FROM (
    SELECT ${start} - ${start} % ? AS start, ${ofTrend} AS channel_id, ${columnsOf(minuteSummands)}
    FROM ${rows} ${start} >= ? AND ${start} < ? ${among}
    UNION ALL
    SELECT time - time % ?, ${ofRow}, ${sumsOfRows(minuteSummands)}
    FROM ${rest(dialect)} AND time >= ? AND time < ? ${among} GROUP BY 1, 2
  ) AS counted GROUP BY start, channel_id ORDER BY start, channel_id`;
};

/** Wants the first and the last minute, then the first minute and the end of the last. */
export const summaryStatement = (dialect: Dialect): string => `
  SELECT SUM(success + error + client_left) AS total, SUM(success) AS success, SUM(error) AS error FROM (
    SELECT success, error, client_left FROM minute_trends WHERE width = 1 AND start >= ? AND start <= ?
    UNION ALL
    SELECT ${sumsOfRows(curveSummands.slice(0, 3))} FROM ${rest(dialect)} AND time >= ? AND time < ?
  ) AS counted`;
