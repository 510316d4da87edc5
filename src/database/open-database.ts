import type { OpenRepositories } from './open-repositories.js';
import type { SqliteOpening } from './open-sqlite.js';
import type { PostgresOpening } from './postgres/open-postgres.js';

export type OpenOptions = SqliteOpening | PostgresOpening;

/**
 * Opens the database on the calling thread; each engine is loaded only where it is used. The writer brings the tables up to
 * date; a reader comes after it and cannot change anything. Rejects with a `DatabaseRefusal`, a sentence for the operator.
 */
export const openDatabase = async (options: OpenOptions): Promise<OpenRepositories> => {
  if ('url' in options) return (await import('./postgres/open-postgres.js')).openPostgres(options);
  return (await import('./open-sqlite.js')).openSqlite(options);
};
