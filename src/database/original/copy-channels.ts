import type { DataSource } from 'typeorm';
import type { EpochMs } from '../../domain/time.js';
import { DatabaseRefusal } from '../database-refusal.js';
import { distinctNames, type NamedRow } from './distinct-names.js';
import { epochMsOfStored } from './go-time.js';
import { modelListOf } from './model-list.js';
import { flagOf, textOf } from './stored-values.js';

/** A row of the original's `channels`, as SQL has made text and numbers of it; times and models as they are. */
interface OriginalChannel {
  readonly id: number;
  readonly name: string;
  readonly api_key: string;
  readonly url: string;
  readonly models: unknown;
  readonly priority: number;
  readonly enabled: number;
  readonly created_at: unknown;
  readonly updated_at: unknown;
}

export interface CopiedChannels {
  readonly channels: number;
  /** Got another name because an older channel has theirs, or because they had none. */
  readonly renamed: readonly NamedRow[];
  /** Had models that were no JSON array. */
  readonly mendedModels: number;
  /** Had a time that cannot be read. */
  readonly unreadableTimes: number;
}

/** The channels of the table, in the order of their ids; `columns` says what it has. */
export const originalChannels = (reader: DataSource, table: string, columns: ReadonlySet<string>): Promise<readonly OriginalChannel[]> => {
  const or = (column: string, sql: string): string => (columns.has(column) ? sql : 'NULL');
  // A priority that does not fit the column is no number that an operator chose.
  const priority = or('priority', 'CASE WHEN ABS(CAST(priority AS INTEGER)) < 2147483648 THEN CAST(priority AS INTEGER) END');
  return reader.query(
    `SELECT id, ${textOf('name')} AS name, ${textOf('api_key')} AS api_key, ${textOf('url')} AS url, models,
       COALESCE(${priority}, 0) AS priority, ${columns.has('enabled') ? flagOf('enabled', 1) : '1'} AS enabled,
       ${or('created_at', 'created_at')} AS created_at, ${or('updated_at', 'updated_at')} AS updated_at
     FROM "${table}" ORDER BY id`,
  );
};

/** When a channel was made and changed, as well as its row knows; `now` when it does not. */
const timesOf = ({ created_at, updated_at }: OriginalChannel, now: EpochMs): { readonly createdAt: EpochMs; readonly updatedAt: EpochMs } => {
  const created = epochMsOfStored(created_at);
  const updated = epochMsOfStored(updated_at);
  return { createdAt: created ?? updated ?? now, updatedAt: updated ?? created ?? now };
};

const isUnreadable = (time: unknown): boolean => time !== null && epochMsOfStored(time) === undefined;

/** Copies every channel under its id into our table. Rejects when an id is below 1, where nobody would look for it. */
export const copyChannels = async (dataSource: DataSource, rows: readonly OriginalChannel[], now: EpochMs): Promise<CopiedChannels> => {
  const [first] = rows;
  if (first !== undefined && first.id < 1) {
    throw new DatabaseRefusal(`A channel has the id ${first.id}, but ids begin with 1: give it another one with sqlite3, then start again. Nothing was changed.`);
  }
  const named = rows.map((row) => ({ ...row, name: row.name.trim() === '' ? `channel ${row.id}` : row.name }));
  const names = distinctNames(named);
  let mendedModels = 0;
  for (const row of named) {
    const { names: models, wasList } = modelListOf(row.models);
    if (!wasList) mendedModels += 1;
    const { createdAt, updatedAt } = timesOf(row, now);
    await dataSource.query(
      'INSERT INTO channels (id, name, api_key, url, priority, models, enabled, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [row.id, names.get(row.id), row.api_key, row.url, row.priority, JSON.stringify(models), row.enabled, createdAt, updatedAt],
    );
  }
  return {
    channels: rows.length,
    renamed: rows.flatMap(({ id, name }) => (names.get(id) === name ? [] : [{ id, name: names.get(id) ?? name }])),
    mendedModels,
    unreadableTimes: rows.filter(({ created_at, updated_at }) => isUnreadable(created_at) || isUnreadable(updated_at)).length,
  };
};
