import type { DataSource } from 'typeorm';
import { logMessageCharsMax } from '../../domain/call.js';
import { hourMs } from '../../domain/time.js';
import type { LogTimes } from './log-times.js';
import { flagOf, textOf } from './stored-values.js';

/** Log rows that are in memory at a time. */
const rowsPerSlice = 5_000;
/** Where the search for a first time that can be read ends. */
const firstTimesMax = 1_000;

const seconds = (column: string): string => `MIN(MAX(CAST(${column} AS REAL), 0), 1e9)`;
const wholeNumber = (column: string): string => `COALESCE(CAST(${column} AS INTEGER), 0)`;

/**
 * Each row becomes the only, final attempt of a request. Its request id has the form of ours, a UUIDv7, and is made of the
 * row's time and id: the same at every try, growing with time as the index on it wants, and no other row's.
 *
 * Wants the values of: after, through. `taken_time` is asked once a row, in the order of ids, which is why the slice is made first.
 */
const copySlice = (columns: ReadonlySet<string>): string => {
  const or = (column: string, sql: string, fallback: string): string => (columns.has(column) ? sql : fallback);
  const channelId = or('channel_id', `CASE WHEN typeof(channel_id) = 'integer' AND channel_id <> 0 THEN channel_id END`, 'NULL');
  return `
  WITH slice AS MATERIALIZED (
    SELECT id, taken_time(time) AS time, ${or('model', textOf('model'), `''`)} AS model, ${channelId} AS channel_id,
      ${wholeNumber('status_code')} AS status_code, ${or('message', `SUBSTR(${textOf('message')}, 1, ${logMessageCharsMax})`, `''`)} AS message,
      ${or('duration', `COALESCE(${seconds('duration')}, 0.0)`, '0.0')} AS duration,
      ${or('is_streaming', flagOf('is_streaming', 0), '0')} AS is_streaming, ${or('first_byte_time', seconds('first_byte_time'), 'NULL')} AS first_byte_time
    FROM original_logs WHERE id > ? AND id <= ? ORDER BY id)
  INSERT INTO logs (id, time, request_id, attempt, final, model, channel_id, channel_name, path, status_code, message, duration,
    is_streaming, first_byte_time, usage_incomplete, client_ip)
  SELECT slice.id, slice.time, printf('%08x-%04x-7000-8000-%012x', MAX(slice.time, 0) / 65536, MAX(slice.time, 0) % 65536, slice.id),
    slice.channel_id IS NOT NULL, 1, slice.model, slice.channel_id, channels.name, '', slice.status_code, slice.message, slice.duration,
    slice.is_streaming, slice.first_byte_time, 0, ''
  FROM slice LEFT JOIN channels ON channels.id = slice.channel_id ORDER BY slice.id`;
};

/** The tallies of the rows (after, through], as they are counted when rows are stored. */
const tallySlice = `
  INSERT INTO log_tallies (hour, channel_id, channel_name, model, status_code, row_count)
  SELECT time - time % ${hourMs}, COALESCE(channel_id, 0), COALESCE(channel_name, ''), model, status_code, COUNT(*)
  FROM logs WHERE id > ? AND id <= ? GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET row_count = log_tallies.row_count + excluded.row_count`;

const nextSlice = `SELECT MAX(id) AS through, COUNT(*) AS rows FROM (SELECT id FROM original_logs WHERE id > ? ORDER BY id LIMIT ${rowsPerSlice})`;

export interface LogTerms {
  readonly columns: ReadonlySet<string>;
  /** What answers `taken_time` on this connection. */
  readonly times: LogTimes;
  /** Is told after each slice how many rows are copied by then. */
  readonly copied: (rows: number) => void;
}

/** Copies every log row under its id, a slice at a time, and says how many that were. */
export const copyLogs = async (dataSource: DataSource, { columns, times, copied }: LogTerms): Promise<number> => {
  const first: readonly { time: unknown }[] = await dataSource.query('SELECT time FROM original_logs ORDER BY id LIMIT ?', [firstTimesMax]);
  times.beginWith(first.map(({ time }) => time));
  const copy = copySlice(columns);
  let rows = 0;
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const [next]: readonly { through: number | null; rows: number }[] = await dataSource.query(nextSlice, [after]);
    const through = next?.through ?? null;
    if (through === null) return rows;
    await dataSource.query(copy, [after, through]);
    await dataSource.query(tallySlice, [after, through]);
    rows += next?.rows ?? 0;
    after = through;
    copied(rows);
  }
};
