import type { DataSource } from 'typeorm';
import type { EpochMs } from '../../domain/time.js';
import { DatabaseRefusal } from '../database-refusal.js';
import { copyChannels, originalChannels } from './copy-channels.js';
import { copyLogs } from './copy-logs.js';
import { copyCooldowns, copyPointers, noCooldowns, noPointers } from './copy-state.js';
import type { OriginalLayout, OriginalTable } from './layout.js';
import type { LogTimes } from './log-times.js';
import { quoted } from './stored-values.js';
import type { Takeover } from './takeover-news.js';

/** Ids that log rows of deleted channels name and that still count; what is larger was never given to a channel. */
const channelIdMax = 2_147_483_647;

export interface ConversionTerms {
  readonly layout: OriginalLayout;
  readonly now: EpochMs;
  /** What answers `taken_time` on this connection. */
  readonly times: LogTimes;
  /** Is told of every step when it is done. */
  readonly stepped: (step: string) => void;
  /** Is told now and then how many log rows are copied by then. */
  readonly copied: (rows: number) => void;
}

/**
 * Moves the original's tables out of the way of ours. Their indexes would be kept up to date, or broken, for nothing; and all
 * go before the first table moves, because one may have the name that a table gets.
 */
const moveAside = async (dataSource: DataSource, tables: readonly OriginalTable[]): Promise<void> => {
  for (const table of tables) {
    const indexes: readonly { name: string }[] = await dataSource.query(
      `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
      [table],
    );
    for (const { name } of indexes) await dataSource.query(`DROP INDEX ${quoted(name)}`);
  }
  for (const table of tables) await dataSource.query(`ALTER TABLE ${table} RENAME TO original_${table}`);
};

/**
 * Throws for an id that JavaScript would take for its neighbour: no ccLoad gives one, and copying would miss the row or not end.
 * Reads only the two ends of each table.
 */
const refuseHugeIds = async (dataSource: DataSource, { columns }: OriginalLayout): Promise<void> => {
  for (const [table, what] of [['channels', 'channel'], ['logs', 'log row']] as const) {
    if (!columns.has(table)) continue;
    const [row]: readonly { id: string }[] = await dataSource.query(
      `SELECT CAST(id AS TEXT) AS id FROM (SELECT MIN(id) AS id FROM ${table} UNION ALL SELECT MAX(id) FROM ${table})
       WHERE id NOT BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`,
    );
    if (row === undefined) continue;
    const sentence = `A ${what} has the id ${row.id}, which is further from 0 than ${Number.MAX_SAFE_INTEGER}`;
    throw new DatabaseRefusal(`${sentence}: give it another one with sqlite3, then start again. Nothing was changed.`);
  }
};

/** Makes sure that the next row of the table gets an id above all these. */
const idsFollow = async (dataSource: DataSource, table: OriginalTable, used: string): Promise<void> => {
  const given = `SELECT seq AS id FROM sqlite_sequence WHERE name IN ('${table}', 'original_${table}')`;
  const highest = `SELECT COALESCE(MAX(id), 0) AS id FROM (SELECT MAX(id) AS id FROM ${table} UNION ALL ${used} UNION ALL ${given})`;
  const [row]: readonly { id: number }[] = await dataSource.query(highest);
  await dataSource.query('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
  await dataSource.query('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, row?.id ?? 0]);
};

/** An id is never used twice: neither one that the original gave away nor one that only log rows still know. */
const continueIds = async (dataSource: DataSource): Promise<void> => {
  await idsFollow(dataSource, 'channels', `SELECT MAX(channel_id) AS id FROM logs WHERE channel_id <= ${channelIdMax}`);
  await idsFollow(dataSource, 'logs', 'SELECT 0 AS id');
};

/** The keys in the table that goes are wiped from the file; its log rows only become free space, which is a tenth of the work. */
const dropOriginals = async (dataSource: DataSource, tables: Iterable<OriginalTable>): Promise<void> => {
  for (const table of tables) {
    await dataSource.query(`PRAGMA secure_delete = ${table === 'channels' ? 'ON' : 'OFF'}`);
    await dataSource.query(`DROP TABLE original_${table}`);
  }
};

/** A row that got lost would be found missing weeks later; here it undoes everything. */
const countAgain = async (dataSource: DataSource, layout: OriginalLayout, { cooldowns, pointers }: Takeover): Promise<void> => {
  const left: Readonly<Record<OriginalTable, number>> = {
    channels: 0,
    cooldowns: cooldowns.orphans + cooldowns.repeated,
    logs: 0,
    rr: pointers.oddPointers + pointers.repeated,
  };
  for (const table of layout.columns.keys()) {
    const [row]: readonly { lost: number }[] = await dataSource.query(
      `SELECT (SELECT COUNT(*) FROM original_${table}) - (SELECT COUNT(*) FROM ${table}) - ${left[table]} AS lost`,
    );
    if (row?.lost !== 0) throw new Error(`${row?.lost ?? 'the'} rows of ${table} did not arrive, and nothing was changed`);
  }
};

/**
 * Makes an original database one of ours, inside a transaction of the caller: the tables as the migrations of the data
 * source make them, with every row that can be kept, under the ids that it had.
 */
export const convert = async (dataSource: DataSource, terms: ConversionTerms): Promise<Takeover> => {
  const { layout, now, times, stepped, copied } = terms;
  const { columns } = layout;
  await refuseHugeIds(dataSource, layout);
  await moveAside(dataSource, [...columns.keys()]);
  await dataSource.runMigrations({ transaction: 'none' });
  stepped('tables made');
  const rows = await originalChannels(dataSource, 'original_channels', columns.get('channels') ?? new Set());
  const channels = await copyChannels(dataSource, rows, now);
  const cooldownColumns = columns.get('cooldowns');
  const cooldowns = cooldownColumns === undefined ? noCooldowns : await copyCooldowns(dataSource, cooldownColumns, now);
  const pointers = columns.has('rr') ? await copyPointers(dataSource) : noPointers;
  stepped('channels copied');
  const logColumns = columns.get('logs');
  const logRows = logColumns === undefined ? 0 : await copyLogs(dataSource, { columns: logColumns, times, copied });
  const takeover: Takeover = { channels, cooldowns, pointers, logRows, unreadableLogTimes: times.unreadable };
  await countAgain(dataSource, layout, takeover);
  await continueIds(dataSource);
  await dropOriginals(dataSource, columns.keys());
  stepped('original tables dropped');
  return takeover;
};
