import type { DataSource } from 'typeorm';
import { migrations } from './data-source.js';
import { DatabaseRefusal } from './database-refusal.js';

/** Names of the migrations that the tables have had, in order. */
export const executedMigrations = async (reader: DataSource): Promise<readonly string[]> => {
  const rows: readonly { name: string }[] = await reader.query('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => name);
};

/** Throws when the tables have had migrations that this program does not know. `database` begins the sentence. */
export const refuseUnknownMigrations = async (database: string, reader: DataSource): Promise<void> => {
  const known = new Set(migrations.map(({ name }) => name));
  const strange = (await executedMigrations(reader)).find((name) => !known.has(name));
  if (strange === undefined) return;
  throw new DatabaseRefusal(
    `${database} was changed by a newer ccLoad or another program (${strange}); it was left untouched.`,
  );
};
