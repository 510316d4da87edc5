import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Database } from '../../src/database/database.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import type { DatabasePlace } from '../../src/database/place.js';
import { postgresOptions } from '../../src/database/postgres/postgres-options.js';
import { newMigratedDatabase, serverUrl } from './postgres-server.js';

/** A folder of its own below the system's temporary one. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'ccload-db-'));

/** A new file in the folder; or, when tests run on a PostgreSQL server, a new database there. */
export const newPlaceIn = async (folder: string): Promise<DatabasePlace> =>
  serverUrl === undefined ? { path: join(folder, 'ccload.db') } : { url: await newMigratedDatabase() };

/** Runs `use` with a new, migrated file of SQLite, whatever engine is under test, and leaves nothing behind. */
export const withFile = async (use: (database: Database, path: string) => Promise<void>): Promise<void> => {
  const folder = await temporaryFolder();
  try {
    const path = join(folder, 'ccload.db');
    const database = await Database.inline({ path });
    await use(database, path).finally(() => database.close());
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Runs `use` with a new, migrated database of the engine under test, and leaves nothing behind. */
export const withDatabase = async (use: (database: Database, place: DatabasePlace) => Promise<void>): Promise<void> => {
  const folder = await temporaryFolder();
  try {
    const place = await newPlaceIn(folder);
    const database = await Database.inline(place);
    await use(database, place).finally(() => database.close());
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Does to the tables what no ccLoad would do. */
export const onTables = async (place: DatabasePlace, statement: string): Promise<void> => {
  const saboteur = await new DataSource('url' in place ? postgresOptions(place.url, 'durable') : dataSourceOptions(place.path)).initialize();
  await saboteur.query(statement).finally(() => saboteur.destroy());
};
