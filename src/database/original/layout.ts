import type { DataSource } from 'typeorm';
import { listed } from './listed.js';
import { namesOfOurs } from './names-of-ours.js';

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

/** What an original file has of its tables, column names in lower case. A table that is not there is not in the map. */
export interface OriginalLayout {
  readonly columns: ReadonlyMap<OriginalTable, ReadonlySet<string>>;
  /** Tables of others, which stay as they are. */
  readonly otherTables: readonly string[];
  /** Columns that later versions added, as `table.column`; they are left behind in the copy. */
  readonly unknownColumns: readonly string[];
}

export type Recognition =
  | { readonly kind: 'empty' }
  | { readonly kind: 'original'; readonly layout: OriginalLayout }
  /** Why it is not an original file, as the middle of a sentence that begins with the file, and what to do about it, as the end. */
  | { readonly kind: 'strange'; readonly because: string; readonly advice: string };

const strange = (because: string, advice: string): Recognition => ({ kind: 'strange', because, advice });

const almost = 'looks like one of the original ccLoad, but';

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

/** A table, index or view; triggers have names of their own. */
interface Named {
  readonly kind: string;
  readonly name: string;
  /** The table that it belongs to. */
  readonly table: string;
}

const namedThings = (reader: DataSource): Promise<readonly Named[]> =>
  reader.query(
    `SELECT type AS kind, name, tbl_name AS "table" FROM sqlite_master
     WHERE type <> 'trigger' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY kind DESC, name`,
  );

/** What has a name that our tables and indexes will have, or those of the original once they are moved aside. */
const inTheWay = async (others: readonly Named[]): Promise<readonly string[]> => {
  const ours = await namesOfOurs();
  const isNeeded = (name: string): boolean => ours.has(name) || name.startsWith('original_');
  return others.filter(({ name }) => isNeeded(name.toLowerCase())).map(({ kind, name }) => `${kind} ${name}`);
};

/**
 * Whether the file is an original one: `channels` with its core columns, and beside it at least one of the other three
 * tables; each that is there with its core. Further tables and columns are no objection, names that we need are.
 */
export const recognise = async (reader: DataSource): Promise<Recognition> => {
  const things = await namedThings(reader);
  if (things.length === 0) return { kind: 'empty' };
  const tables = things.filter(({ kind }) => kind === 'table').map(({ name }) => name);
  const present = originalTables.filter((table) => tables.includes(table));
  if (!present.includes('channels') || present.length === 1) return strange("holds tables that are not ccLoad's", 'set SQLITE_PATH to another file');
  const columns = new Map<OriginalTable, ReadonlySet<string>>();
  const unknownColumns: string[] = [];
  for (const table of present) {
    const found = await columnsOf(reader, table);
    const problem = problemOf(table, found);
    if (problem !== undefined) return strange(`${almost} ${problem}`, 'set SQLITE_PATH to another file, and bring its channels over as CSV');
    columns.set(table, new Set(found.map(({ name }) => name)));
    unknownColumns.push(...unknownColumnsOf(table, found));
  }
  const isOriginal = (name: string): boolean => present.some((table) => table === name);
  const strangers = await inTheWay(things.filter(({ table }) => !isOriginal(table)));
  if (strangers.length > 0) {
    return strange(`${almost} also has what ccLoad needs the name of: ${listed(strangers)}`, 'rename or remove that with sqlite3, then start again');
  }
  return { kind: 'original', layout: { columns, otherTables: tables.filter((name) => !isOriginal(name)), unknownColumns } };
};
