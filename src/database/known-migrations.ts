import type { DataSource } from 'typeorm';
import { migrations } from './data-source.js';
import { DatabaseRefusal } from './database-refusal.js';
import { codeOf } from './error-message.js';
import { listed } from './original/listed.js';

/** Names of the migrations that the tables have had, in order. */
export const executedMigrations = async (reader: DataSource): Promise<readonly string[]> => {
  const rows: readonly { name: unknown }[] = await reader.query('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => String(name));
};

/** No such column, as each engine says it. */
const otherShapeCodes: readonly unknown[] = ['SQLITE_ERROR', '42703'];

/** `undefined` when their table has another shape than ours. */
const namesInOurShape = async (reader: DataSource): Promise<readonly string[] | undefined> => {
  try {
    return await executedMigrations(reader);
  } catch (error) {
    if (otherShapeCodes.includes(codeOf(error))) return undefined;
    throw error;
  }
};

/**
 * Whether the tables had migrations as ours are kept. Other programs have tables of that name too, of another shape or empty;
 * ours is empty only in a database without anything else, when a first start ended right after it was made.
 */
export const hadMigrations = async (reader: DataSource, tables: readonly string[]): Promise<boolean> => {
  const names = tables.includes('migrations') ? await namesInOurShape(reader) : undefined;
  return names !== undefined && (names.length > 0 || tables.length === 1);
};

/** Throws when the tables have had migrations that this program does not know. `database` begins the sentence. */
export const refuseUnknownMigrations = async (database: string, reader: DataSource): Promise<void> => {
  const known = new Set(migrations.map(({ name }) => name));
  const strange = (await executedMigrations(reader)).find((name) => !known.has(name));
  if (strange === undefined) return;
  throw new DatabaseRefusal(
    `${database} was changed by a newer ccLoad or another program (${listed([strange])}); it was left untouched: ` +
      'start that version, put a backup of before it in its place, or name another database in SQLITE_PATH or DATABASE_URL.',
  );
};
