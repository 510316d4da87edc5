import type { DataSource } from 'typeorm';
import { listed } from './listed.js';

/** The four tables of the first public ccLoad, with the columns without which a row would mean nothing. */
const core = {
  channels: ['id', 'name', 'api_key', 'url', 'models'],
  cooldowns: ['channel_id', 'until'],
  logs: ['id', 'time', 'status_code'],
  rr: ['key', 'idx'],
} as const;

/** Columns that it had besides; a file may lack some of them. */
const optional = {
  channels: ['priority', 'enabled', 'created_at', 'updated_at'],
  cooldowns: ['duration_ms'],
  logs: ['model', 'channel_id', 'message', 'duration', 'is_streaming', 'first_byte_time'],
  rr: [],
} as const;

export type OriginalTable = keyof typeof core;
const originalTables = ['channels', 'cooldowns', 'logs', 'rr'] as const satisfies readonly OriginalTable[];

/** Names that our own migrations need. */
const ours: ReadonlySet<string> = new Set([
  ...['migrations', 'model_cooldowns', 'hourly_trends', 'minute_trends', 'log_tallies', 'trend_progress'],
  ...['sessions', 'settings', 'audit'],
]);

/** What an original file has of its tables, column names in lower case. A table that is not there is not in the map. */
export interface OriginalLayout {
  readonly columns: ReadonlyMap<OriginalTable, ReadonlySet<string>>;
  /** Tables of others, which stay as they are. */
  readonly otherTables: readonly string[];
  /** Columns that later versions added, as `table.column`; they are left behind in the copy. */
  readonly unknownColumns: readonly string[];
}

export type Recognition =
  | { readonly kind: 'original'; readonly layout: OriginalLayout }
  /** Why it is not an original file, as the end of a sentence that begins with the file. */
  | { readonly kind: 'strange'; readonly because: string };

const strange = (because: string): Recognition => ({ kind: 'strange', because });

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

const columnsOf = (reader: DataSource, table: string): Promise<readonly ColumnRow[]> =>
  reader.query('SELECT lower(name) AS name, upper(type) AS type, pk FROM pragma_table_info(?)', [table]);

/** Names of the table's columns, in lower case. */
export const columnNames = async (reader: DataSource, table: OriginalTable): Promise<ReadonlySet<string>> =>
  new Set((await columnsOf(reader, table)).map(({ name }) => name));

/** Rows are found by these ids again, and our tables go on counting from them. An id that is only a part of the key may repeat. */
const hasRowIds = (columns: readonly ColumnRow[]): boolean => {
  const [key, ...others] = columns.filter(({ pk }) => pk > 0);
  return others.length === 0 && key?.name === 'id' && key.type === 'INTEGER';
};

const problemOf = (table: OriginalTable, columns: readonly ColumnRow[]): string | undefined => {
  const names = new Set(columns.map(({ name }) => name));
  const missing = core[table].filter((name) => !names.has(name));
  if (missing.length > 0) return `its table ${table} has no ${missing.join(', no ')}`;
  const needsIds = table === 'channels' || table === 'logs';
  return needsIds && !hasRowIds(columns) ? `the id of its table ${table} is no integer primary key` : undefined;
};

const unknownColumnsOf = (table: OriginalTable, columns: readonly ColumnRow[]): readonly string[] => {
  const known: ReadonlySet<string> = new Set([...core[table], ...optional[table]]);
  return columns.flatMap(({ name }) => (known.has(name) ? [] : [`${table}.${name}`]));
};

/**
 * Whether these tables are those of an original file: `channels` with its core columns, and beside it at least one of the
 * other three; each that is there with its core. Further tables and columns are no objection, names that we need are.
 */
export const recognise = async (reader: DataSource, tables: readonly string[]): Promise<Recognition> => {
  const present = originalTables.filter((table) => tables.includes(table));
  if (!present.includes('channels') || present.length === 1) return strange("holds tables that are not ccLoad's");
  const columns = new Map<OriginalTable, ReadonlySet<string>>();
  const unknownColumns: string[] = [];
  for (const table of present) {
    const found = await columnsOf(reader, table);
    const problem = problemOf(table, found);
    if (problem !== undefined) return strange(`looks like one of the original ccLoad, but ${problem}`);
    columns.set(table, new Set(found.map(({ name }) => name)));
    unknownColumns.push(...unknownColumnsOf(table, found));
  }
  const otherTables = tables.filter((name) => !present.some((table) => table === name));
  const inTheWay = otherTables.filter((name) => ours.has(name.toLowerCase()) || name.toLowerCase().startsWith('original_'));
  if (inTheWay.length > 0) return strange(`looks like one of the original ccLoad, but also has a table ${listed(inTheWay)}`);
  return { kind: 'original', layout: { columns, otherTables, unknownColumns } };
};
