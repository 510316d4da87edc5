import type { DataSource, EntityManager } from 'typeorm';
import type { AttemptRecord } from '../domain/call.js';
import { BulkInsert } from '../database/bulk-insert.js';
import type { CurrentRun } from '../database/current-run.js';
import { dialectOf, type Dialect } from '../database/dialect.js';
import { runSql } from '../database/run-sql.js';
import { takeTurn } from '../database/turns.js';
import { hourMs, type EpochMs } from '../domain/time.js';
import { insertedColumns, logRowOf, valuesOf } from './log-columns.js';
import { kindCondition, type Condition } from './log-conditions.js';
import { logPageRowsMax, type LogFilter } from './log-filter.js';
import type { AttemptCounts, HourlyAttempts, LogPage, LogPageJson } from './log-row.js';
import {
  addToTallies,
  hourOf,
  talliesOf,
  tallyColumns,
  tallyKey,
  tallyKeyOfRow,
  windowOf,
  type HourTally,
  type PageWindow,
} from './log-tallies.js';
import { logView } from './log-view.js';
import { LogEntity } from './log.entity.js';
import { unpackRows, type PackedRows } from './packed-rows.js';

const rowsInto = new BulkInsert('logs', insertedColumns);
const talliesInto = new BulkInsert('log_tallies', [...tallyKey, 'row_count'], addToTallies);

const everything: Condition = { sql: '1 = 1', values: [] };

/**
 * The rows of the wanted kinds, hour by hour: the tallies say which kinds each hour has, the index on the kind leads to
 * their rows, and no other row is visited. Wants the values of: kinds, from, to, from, rows.
 */
const rowsByKind = ({ joinNext, byIndex, isOrNullFor0 }: Dialect, kinds: Condition, rows: Condition): string => `
  FROM (SELECT DISTINCT hour, model, channel_id, status_code FROM log_tallies kind
        WHERE ${kinds.sql} AND kind.hour >= ? AND kind.hour < ?) kind
  ${joinNext} logs log ${byIndex('logs_kind')}
  ON log.model = kind.model AND ${isOrNullFor0('log.channel_id', 'kind.channel_id')} AND log.status_code = kind.status_code
    AND log.time >= kind.hour AND log.time < kind.hour + ${hourMs} AND log.time >= ?
  WHERE ${rows.sql}`;

/** Attempts in their table: appended in batches, read page by page, deleted by age; and the tallies that count them. */
export class LogRepository {
  private readonly dialect: Dialect;

  constructor(
    private readonly dataSource: DataSource,
    private readonly run: CurrentRun,
  ) {
    this.dialect = dialectOf(dataSource);
  }

  /**
   * Stores the records in their order, all or none; `mayBeStored`: except those that are there already.
   *
   * This is what runs for every request, so it is SQL and not the query builder: through the thread 9 µs a row when a batch
   * of 500 is of one kind, 18 µs when it is of 200. Request ids that grow with time (UUIDv7) keep the index on them cheap;
   * random ones would make appending five times as slow.
   */
  async append(records: readonly AttemptRecord[], mayBeStored = false): Promise<void> {
    if (records.length === 0) return;
    await this.dataSource.transaction(async (manager) => {
      // Whoever stored them before without telling is done when it is our turn.
      await takeTurn(manager, 'log');
      const missing = mayBeStored ? await this.notStored(manager, records) : records;
      if (missing.length === 0) return;
      await rowsInto.into(manager, missing.map(valuesOf));
      await talliesInto.into(manager, talliesOf(missing));
      await this.run.countStored(manager, missing.length);
    });
  }

  /** The same for rows that come as bytes. */
  appendPacked(packs: readonly PackedRows[], mayBeStored: boolean): Promise<void> {
    return this.append(packs.flatMap(unpackRows), mayBeStored);
  }

  /** One page of what the filter matches, newest first, and how many rows it matches in all; both of one moment. */
  page(filter: LogFilter): Promise<LogPage> {
    const limit = Math.min(filter.limit, logPageRowsMax);
    return this.dataSource.transaction(this.dialect.oneMoment, async (manager) => {
      if (filter.requestId !== undefined) return this.pageOfRequest(manager, filter, limit);
      const hours = await this.hours(manager, filter);
      const count = hours.reduce((sum, { matching }) => sum + matching, 0);
      const window = windowOf(hours, filter.offset, limit);
      if (window === undefined) return { rows: [], count };
      return { rows: await this.rows(manager, await this.ids(manager, filter, { ...window, limit })), count };
    });
  }

  /**
   * The same as the API shows it, its rows already as JSON: 1 000 rows, made where requests are relayed, would hold up every
   * stream for 9 ms.
   */
  async pageJson(filter: LogFilter): Promise<LogPageJson> {
    const { rows, count } = await this.page(filter);
    return { json: JSON.stringify(rows.map(logView)), count };
  }

  /** What attempts came to since the hour `since` lies in, by channel. */
  attemptsByChannel(since: EpochMs): Promise<readonly AttemptCounts[]> {
    return runSql<AttemptCounts>(
      this.dataSource,
      `SELECT channel_id AS "channelId",
         SUM(CASE WHEN status_code BETWEEN 200 AND 299 THEN row_count ELSE 0 END) AS succeeded,
         SUM(CASE WHEN status_code BETWEEN 200 AND 299 OR status_code = 499 THEN 0 ELSE row_count END) AS failed
       FROM log_tallies WHERE hour >= ? AND channel_id <> 0 GROUP BY channel_id ORDER BY channel_id`,
      [hourOf(since)],
    );
  }

  /** Attempts at these channels since the hour `since` lies in, hour by hour; hours without one are left out. */
  hourlyAttempts(channelIds: readonly number[], since: EpochMs): Promise<readonly HourlyAttempts[]> {
    const { integersOf } = this.dialect;
    return runSql<HourlyAttempts>(
      this.dataSource,
      `SELECT channel_id AS "channelId", hour, SUM(row_count) AS attempts FROM log_tallies
       WHERE hour >= ? AND status_code <> 499 AND channel_id IN ${integersOf('?')} GROUP BY channel_id, hour ORDER BY channel_id, hour`,
      [hourOf(since), JSON.stringify(channelIds)],
    );
  }

  /**
   * Removes at most `limit` rows of attempts that began before `cutoff`, oldest first, and says how many. Rows that the
   * trends have not counted yet stay, however old they are.
   */
  async deleteOlderThan(cutoff: EpochMs, limit: number): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await takeTurn(manager, 'log');
      const oldest = await runSql<{ readonly id: number }>(
        manager,
        `SELECT id FROM logs ${this.dialect.byIndex('logs_time')}
         WHERE time < ? AND id <= (SELECT through_log_id FROM trend_progress WHERE id = 1) ORDER BY time LIMIT ?`,
        [cutoff, limit],
      );
      if (oldest.length === 0) return 0;
      const ids = JSON.stringify(oldest.map(({ id }) => id));
      const theirs = `id IN ${this.dialect.integersOf('?')}`;
      await runSql(
        manager,
        `INSERT INTO log_tallies (${tallyColumns}, row_count)
         SELECT ${tallyKeyOfRow}, -COUNT(*) FROM logs WHERE ${theirs} GROUP BY 1, 2, 3, 4, 5 ${addToTallies}`,
        [ids],
      );
      await runSql(manager, 'DELETE FROM log_tallies WHERE hour < ? AND row_count <= 0', [cutoff]);
      await runSql(manager, `DELETE FROM logs WHERE ${theirs}`, [ids]);
      return oldest.length;
    });
  }

  private async notStored(manager: EntityManager, records: readonly AttemptRecord[]): Promise<readonly AttemptRecord[]> {
    const stored = await runSql<{ readonly id: string; readonly attempt: number }>(
      manager,
      `SELECT request_id AS id, attempt FROM logs WHERE request_id IN ${this.dialect.textsOf('?')}`,
      [JSON.stringify(records.map(({ requestId }) => requestId))],
    );
    const there = new Set(stored.map(({ id, attempt }) => `${attempt} ${id}`));
    return records.filter(({ requestId, attempt }) => !there.has(`${attempt} ${requestId}`));
  }

  /** What the filter matches in each hour since its beginning, newest first. Exact: the first hour is counted row by row. */
  private async hours(manager: EntityManager, filter: LogFilter): Promise<readonly HourTally[]> {
    const kinds = kindCondition('kind', filter, this.dialect);
    const matching = kinds === undefined ? 'row_count' : `CASE WHEN ${kinds.sql} THEN row_count ELSE 0 END`;
    const firstHour = hourOf(filter.since);
    const hours = await runSql<HourTally>(
      manager,
      `SELECT hour, SUM(row_count) AS total, SUM(${matching}) AS matching FROM log_tallies kind
       WHERE hour >= ? GROUP BY hour ORDER BY hour DESC`,
      [...(kinds?.values ?? []), firstHour],
    );
    const oldest = hours.at(-1);
    if (oldest === undefined || oldest.hour !== firstHour || oldest.matching === 0) return hours;
    return [...hours.slice(0, -1), { ...oldest, matching: await this.countOfHour(manager, filter) }];
  }

  /** The rows that match from the filter's beginning to the end of that hour. */
  private async countOfHour(manager: EntityManager, filter: LogFilter): Promise<number> {
    const { since } = filter;
    const hour = hourOf(since);
    const kinds = kindCondition('kind', filter, this.dialect);
    const names = nameCondition(filter, this.dialect);
    const [counted] =
      kinds === undefined
        ? await runSql<Counted>(manager, 'SELECT COUNT(*) AS count FROM logs WHERE time >= ? AND time < ?', [since, hour + hourMs])
        : await runSql<Counted>(manager, `SELECT COUNT(*) AS count ${rowsByKind(this.dialect, kinds, names)}`, [
            ...kinds.values,
            hour,
            hour + hourMs,
            since,
            ...names.values,
          ]);
    return counted?.count ?? 0;
  }

  private async ids(manager: EntityManager, filter: LogFilter, page: PageWindow & { readonly limit: number }): Promise<readonly number[]> {
    const { skip, limit, to } = page;
    const from = Math.max(page.from, filter.since);
    const kinds = kindCondition('kind', filter, this.dialect);
    const order = 'ORDER BY log.time DESC, log.id DESC LIMIT ? OFFSET ?';
    if (kinds === undefined || page.isDense) {
      const rows = kindCondition('log', filter, this.dialect) ?? everything;
      const inOrderOfTime = `FROM logs log ${this.dialect.byIndex('logs_time')} WHERE ${rows.sql} AND log.time >= ? AND log.time < ?`;
      return idsOf(await runSql(manager, `SELECT log.id ${inOrderOfTime} ${order}`, [...rows.values, from, to, limit, skip]));
    }
    const names = nameCondition(filter, this.dialect);
    const values = [...kinds.values, hourOf(from), to, from, ...names.values, limit, skip];
    return idsOf(await runSql(manager, `SELECT log.id ${rowsByKind(this.dialect, kinds, names)} ${order}`, values));
  }

  /** All attempts of one request are few. */
  private async pageOfRequest(manager: EntityManager, filter: LogFilter, limit: number): Promise<LogPage> {
    const kinds = kindCondition('log', filter, this.dialect) ?? everything;
    const ids = idsOf(
      await runSql(
        manager,
        `SELECT log.id FROM logs log ${this.dialect.byIndex('logs_request')} WHERE log.request_id = ? AND log.time >= ? AND ${kinds.sql}
         ORDER BY log.time DESC, log.id DESC LIMIT ${rowsOfRequestMax}`,
        [filter.requestId, filter.since, ...kinds.values],
      ),
    );
    return { rows: await this.rows(manager, ids.slice(filter.offset, filter.offset + limit)), count: ids.length };
  }

  private async rows(manager: EntityManager, ids: readonly number[]): Promise<LogPage['rows']> {
    if (ids.length === 0) return [];
    const rows = await manager
      .createQueryBuilder(LogEntity, 'log')
      .where(`log.id IN ${this.dialect.integersOf(':ids')}`, { ids: JSON.stringify(ids) })
      .orderBy('log.time', 'DESC')
      .addOrderBy('log.id', 'DESC')
      .getMany();
    return rows.map(logRowOf);
  }
}

/** A request has a row per channel it tried. */
const rowsOfRequestMax = 10_000;

interface Counted {
  readonly count: number;
}

const idsOf = (rows: readonly { readonly id: number }[]): readonly number[] => rows.map(({ id }) => id);

/** Only the names are left to check where the kind is an index entry: several names may have been one channel's. */
const nameCondition = ({ since, limit, offset, channelName, channelNameLike }: LogFilter, dialect: Dialect): Condition =>
  kindCondition('log', { since, limit, offset, channelName, channelNameLike }, dialect) ?? everything;
