import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf, type Dialect } from '../database/dialect.js';
import { runSql } from '../database/run-sql.js';
import { hourMs, minuteMs, type EpochMs } from '../domain/time.js';
import { hourSummands, minuteSummands, minuteWidths, sumsOfRows, type Summand } from './trend-columns.js';

/** Models that no channel serves and that keep a row of their own; clients choose those names, so there is no end to them. */
export const unservedModelsMax = 100;
/** The row that all others share. */
export const otherModels = '(other)';

const dayMs = 24 * hourMs;

/** Log rows `(after, through]` that are the outcome of a request. */
interface Slice {
  readonly after: number;
  readonly through: number;
}

/** What one step of the rollup did. */
export interface RollupStep {
  /** Log rows that were looked at; 0 when everything had been counted. */
  readonly rows: number;
}

const adding = (table: string, key: string, summands: readonly Summand[]): string =>
  `ON CONFLICT (${key}) DO UPDATE SET channel_name = excluded.channel_name, ${summands
    .map(({ column }) => `${column} = ${table}.${column} + excluded.${column}`)
    .join(', ')}`;

const columnsOf = (summands: readonly Summand[]): string => summands.map(({ column }) => column).join(', ');

// Wants the values of: the models that are kept (JSON), after, through.
const addHours = ({ textsOf }: Dialect): string => `
  INSERT INTO hourly_trends (hour, channel_id, model, channel_name, ${columnsOf(hourSummands)})
  SELECT time - time % ${hourMs}, COALESCE(channel_id, 0),
    CASE WHEN channel_id IS NULL AND model NOT IN ${textsOf('?')} THEN '${otherModels}' ELSE model END,
    COALESCE(MAX(channel_name), ''), ${sumsOfRows(hourSummands)}
  FROM logs WHERE id > ? AND id <= ? AND final = TRUE GROUP BY 1, 2, 3
  ${adding('hourly_trends', 'hour, channel_id, model', hourSummands)}`;

// Wants the values of: after, through.
const addMinutes = (width: number): string => `
  INSERT INTO minute_trends (width, start, channel_id, channel_name, ${columnsOf(minuteSummands)})
  SELECT ${width}, time - time % ${width * minuteMs}, COALESCE(channel_id, 0), COALESCE(MAX(channel_name), ''),
    ${sumsOfRows(minuteSummands)}
  FROM logs WHERE id > ? AND id <= ? AND final = TRUE GROUP BY 1, 2, 3
  ${adding('minute_trends', 'width, start, channel_id', minuteSummands)}`;
const addEachWidth = minuteWidths.map(addMinutes);

/**
 * Rolls log rows up into the trend tables. What has been counted is known by row id and stored in the same transaction as
 * the counts: every row is counted exactly once, whenever the program was stopped, however long it was away and however
 * late a row comes for its hour (a request is logged when it ends and belongs to the hour in which it began).
 */
export class TrendRepository {
  private readonly addHours: string;

  constructor(private readonly dataSource: DataSource) {
    this.addHours = addHours(dialectOf(dataSource));
  }

  /** Counts the next `limit` log rows, all or none. */
  rollUp(limit: number): Promise<RollupStep> {
    return this.dataSource.transaction(async (manager) => {
      const after = await this.counted(manager);
      const [next] = await runSql<{ readonly through: number | null; readonly rows: number }>(
        manager,
        'SELECT MAX(id) AS through, COUNT(*) AS rows FROM (SELECT id FROM logs WHERE id > ? ORDER BY id LIMIT ?) AS slice',
        [after, limit],
      );
      const through = next?.through ?? null;
      if (through === null) return { rows: 0 };
      await runSql(manager, this.addHours, [await this.keptModels(manager, { after, through }), after, through]);
      for (const addWidth of addEachWidth) await runSql(manager, addWidth, [after, through]);
      await runSql(manager, 'UPDATE trend_progress SET through_log_id = ? WHERE id = 1', [through]);
      return { rows: next?.rows ?? 0 };
    });
  }

  /**
   * Removes trends from before the two moments, at most a day of each table and width; says how many rows that were, so that the caller
   * knows whether to go on.
   */
  async deleteOlderThan(minutesBefore: EpochMs, hoursBefore: EpochMs): Promise<number> {
    let rows = await this.deleteDay('hourly_trends', { column: 'hour', where: '', before: hoursBefore });
    for (const width of minuteWidths) {
      rows += await this.deleteDay('minute_trends', { column: 'start', where: `width = ${width} AND `, before: minutesBefore });
    }
    return rows;
  }

  private async deleteDay(table: string, { column, where, before }: { column: string; where: string; before: EpochMs }): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [oldest] = await runSql<{ readonly start: number | null }>(
        manager,
        `SELECT MIN(${column}) AS start FROM ${table} WHERE ${where}${column} < ?`,
        [before],
      );
      const start = oldest?.start ?? before;
      if (start >= before) return 0;
      const condition = `${where}${column} < ${Math.min(before, start + dayMs)}`;
      const [counted] = await runSql<{ readonly count: number }>(manager, `SELECT COUNT(*) AS count FROM ${table} WHERE ${condition}`);
      await runSql(manager, `DELETE FROM ${table} WHERE ${condition}`);
      return counted?.count ?? 0;
    });
  }

  private async counted(manager: EntityManager): Promise<number> {
    const [progress] = await runSql<{ readonly through: number }>(
      manager,
      `SELECT through_log_id AS through FROM trend_progress WHERE id = 1 ${dialectOf(this.dataSource).forUpdate}`,
    );
    if (progress === undefined) throw new Error('trend_progress must have a row, but it is empty');
    return progress.through;
  }

  /** The unserved models that keep a row of their own: those that have one in these hours, then the most asked for. */
  private async keptModels(manager: EntityManager, { after, through }: Slice): Promise<string> {
    const asked = await runSql<{ readonly model: string; readonly first: number }>(
      manager,
      `SELECT model, MIN(time) AS first FROM logs WHERE id > ? AND id <= ? AND final = TRUE AND channel_id IS NULL
       GROUP BY model ORDER BY COUNT(*) DESC LIMIT ${unservedModelsMax}`,
      [after, through],
    );
    if (asked.length === 0) return '[]';
    const since = Math.min(...asked.map(({ first }) => first));
    const known = await runSql<{ readonly model: string }>(
      manager,
      `SELECT DISTINCT model FROM hourly_trends WHERE hour >= ? AND channel_id = 0 LIMIT ${unservedModelsMax + 1}`,
      [since - (since % hourMs)],
    );
    const kept = new Set([...known, ...asked].map(({ model }) => model));
    kept.delete(otherModels);
    return JSON.stringify([...kept].slice(0, unservedModelsMax));
  }
}
