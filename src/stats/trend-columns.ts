import { latencyBoundsSeconds } from '../domain/latency-bounds.js';
import { latencyClassesMax } from './latency-classes.js';

/** A column of a trend table that adds up, and what one final log row contributes to it. */
export interface Summand {
  readonly column: string;
  /** SQL over the columns of `logs`. */
  readonly ofRow: string;
}

// Success is 2xx; a client that left (499) is neither success nor error.
const isSuccess = 'status_code BETWEEN 200 AND 299';
const isError = `status_code <> 499 AND (status_code < 200 OR status_code > 299)`;
const oneIf = (condition: string): string => `CASE WHEN ${condition} THEN 1 ELSE 0 END`;

const outcomes: readonly Summand[] = [
  { column: 'success', ofRow: oneIf(isSuccess) },
  { column: 'error', ofRow: oneIf(isError) },
  { column: 'client_left', ofRow: oneIf('status_code = 499') },
];

const tokens: readonly Summand[] = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens'].map(
  (column) => ({ column, ofRow: `COALESCE(${column}, 0)` }),
);

// A refusal that came at once would make a failing channel look fast: latencies are those of successes.
const hasFirstByte = `${isSuccess} AND first_byte_time IS NOT NULL`;
const firstByte: readonly Summand[] = [
  { column: 'first_byte_count', ofRow: oneIf(hasFirstByte) },
  { column: 'first_byte_sum', ofRow: `CASE WHEN ${hasFirstByte} THEN first_byte_time ELSE 0 END` },
];

const isInClass = (seconds: string, index: number): string => {
  const lower = latencyBoundsSeconds[index - 1];
  const upper = latencyBoundsSeconds[index];
  const above = lower === undefined ? '' : ` AND ${seconds} > ${lower}`;
  return `${isSuccess}${above}${upper === undefined ? '' : ` AND ${seconds} <= ${upper}`}`;
};

const classNames = (prefix: string): readonly string[] => Array.from({ length: latencyClassesMax }, (_, index) => `${prefix}_${index}`);

/** Columns that count successes by how long the whole answer took, and its first byte. */
export const durationClasses = classNames('duration');
export const firstByteClasses = classNames('first_byte');

const durationHistogram: readonly Summand[] = durationClasses.map((column, index) => ({ column, ofRow: oneIf(isInClass('duration', index)) }));
const firstByteHistogram: readonly Summand[] = firstByteClasses.map((column, index) => ({
  column,
  ofRow: oneIf(`first_byte_time IS NOT NULL AND ${isInClass('first_byte_time', index)}`),
}));

/** Minutes of one row of `minute_trends`, the finest first. */
export const minuteWidths = [1, 5] as const;

/** What the points of a curve say when nobody asks for quantiles. */
export const curveSummands: readonly Summand[] = [...outcomes, ...tokens, ...firstByte];

/** What `minute_trends` adds up, per minute and channel. */
export const minuteSummands: readonly Summand[] = [...curveSummands, ...firstByteHistogram];

/** What `hourly_trends` adds up, per hour, channel and model. */
export const hourSummands: readonly Summand[] = [
  ...minuteSummands,
  { column: 'duration_sum', ofRow: `CASE WHEN ${isSuccess} THEN duration ELSE 0 END` },
  ...durationHistogram,
];

/** `SUM(…) AS column` for each, from log rows. */
export const sumsOfRows = (summands: readonly Summand[]): string =>
  summands.map(({ column, ofRow }) => `SUM(${ofRow}) AS ${column}`).join(', ');

/** `SUM(column) AS column` for each, from a trend table. */
export const sumsOfTrends = (summands: readonly Summand[]): string =>
  summands.map(({ column }) => `SUM(${column}) AS ${column}`).join(', ');
