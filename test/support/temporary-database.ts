import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../src/database/database.js';

/** A folder of its own below the system's temporary one. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'ccload-db-'));

/** Runs `use` with a new, migrated SQLite file, and leaves nothing behind. */
export const withDatabase = async (use: (database: Database, path: string) => Promise<void>): Promise<void> => {
  const folder = await temporaryFolder();
  try {
    const path = join(folder, 'ccload.db');
    const database = await Database.inline({ path });
    await use(database, path).finally(() => database.close());
  } finally {
    await rm(folder, { recursive: true });
  }
};
