import type { DataSource, EntityManager } from 'typeorm';
import { BulkInsert } from '../database/bulk-insert.js';
import { dialectOf } from '../database/dialect.js';
import { runSql } from '../database/run-sql.js';
import { hourMs, minuteMs, type EpochMs } from '../domain/time.js';
import { hourSummands, minuteSummands, minuteWidths, type Summand } from './trend-columns.js';
import { groupOf, groupsStatement, summedBy, type GroupRow, type TrendGroup } from './trend-groups.js';

/** Models that no channel serves and that keep a row of their own; clients choose those names, so there is no end to them. */
export const unservedModelsMax = 100;
/** The row that all others share. */
export const otherModels = '(other)';

const dayMs = 24 * hourMs;

/** What one step of the rollup did. */
export interface RollupStep {
  /** Log rows that were looked at; 0 when everything had been counted. */
  readonly rows: number;
}

/** A way into a trend table that adds to the rows that are there. */
const trendsInto = (table: string, key: readonly string[], summands: readonly Summand[]): BulkInsert => {
  const columns = summands.map(({ column }) => column);
  const added = columns.map((column) => `${column} = ${table}.${column} + excluded.${column}`);
  return new BulkInsert(
    table,
    [...key, 'channel_name', ...columns],
    `ON CONFLICT (${key.join(', ')}) DO UPDATE SET channel_name = excluded.channel_name, ${added.join(', ')}`,
  );
};
const hoursInto = trendsInto('hourly_trends', ['hour', 'channel_id', 'model'], hourSummands);
const minutesInto = trendsInto('minute_trends', ['width', 'start', 'channel_id'], minuteSummands);

const isUnserved = ({ channelId }: TrendGroup): boolean => channelId === 0;

const startOf = (width: number, minute: EpochMs): EpochMs => minute - (minute % width);

/**
 * Rolls log rows up into the trend tables. What has been counted is known by row id and stored in the same transaction as
 * the counts: every row is counted exactly once, whenever the program was stopped, however long it was away and however
 * late a row comes for its hour (a request is logged when it ends and belongs to the hour in which it began).
 */
export class TrendRepository {
  constructor(private readonly dataSource: DataSource) {}

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
      await this.add(manager, (await runSql<GroupRow>(manager, groupsStatement, [after, through])).map(groupOf));
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

  private async add(manager: EntityManager, groups: readonly TrendGroup[]): Promise<void> {
    const kept = await this.keptModels(manager, groups.filter(isUnserved));
    const shownModel = (group: TrendGroup): string => (isUnserved(group) && !kept.has(group.model) ? otherModels : group.model);
    const hours = summedBy(groups, (group) => [startOf(hourMs, group.minute), group.channelId, shownModel(group)]);
    await hoursInto.into(manager, hours);
    for (const width of minuteWidths) {
      const startOfWidth = ({ minute }: TrendGroup): EpochMs => startOf(width * minuteMs, minute);
      const minutes = summedBy(groups, (group) => [width, startOfWidth(group), group.channelId], minuteSummands.length);
      await minutesInto.into(manager, minutes);
    }
  }

  /** The unserved models that keep a row of their own: those that have one in these hours, then the most asked for. */
  private async keptModels(manager: EntityManager, unserved: readonly TrendGroup[]): Promise<ReadonlySet<string>> {
    if (unserved.length === 0) return new Set();
    const since = startOf(hourMs, Math.min(...unserved.map(({ minute }) => minute)));
    const known = await runSql<{ readonly model: string }>(
      manager,
      `SELECT DISTINCT model FROM hourly_trends WHERE hour >= ? AND channel_id = 0 LIMIT ${unservedModelsMax + 1}`,
      [since],
    );
    const requests = new Map<string, number>();
    for (const group of unserved) requests.set(group.model, (requests.get(group.model) ?? 0) + group.requests);
    const mostAsked = [...requests].sort(([, one], [, other]) => other - one).map(([model]) => model);
    const kept = new Set([...known.map(({ model }) => model), ...mostAsked]);
    kept.delete(otherModels);
    return new Set([...kept].slice(0, unservedModelsMax));
  }
}
