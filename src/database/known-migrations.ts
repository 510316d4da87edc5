import type { DataSource } from 'typeorm';
import { migrations } from './data-source.js';
import { DatabaseRefusal } from './database-refusal.js';

/** Throws when the tables have had migrations that this program does not know. `database` begins the sentence. */
export const refuseUnknownMigrations = async (database: string, reader: DataSource): Promise<void> => {
  const known = new Set(migrations.map(({ name }) => name));
  const executed: readonly { name: string }[] = await reader.query('SELECT name FROM migrations');
  const strange = executed.find(({ name }) => !known.has(name));
  if (strange === undefined) return;
  throw new DatabaseRefusal(
    `${database} was changed by a newer ccLoad or another program (${strange.name}); it was left untouched.`,
  );
};
