import type { DataSource } from 'typeorm';
import { inMemoryPath } from './in-memory-path.js';
import { emptyJournal } from './journal.js';
import { readingOnly } from './reading-only.js';
import { tableNames } from './table-names.js';

/**
 * Closes the last connection, and leaves an empty write-ahead log and its index beside the file: without them SQLite cannot
 * open it on a disk that is full or may only be read. It would remove them with the last connection, but one that may not
 * write has to leave them (sqlite.org/tempfiles.html, "Write-Ahead Log (WAL) Files").
 */
export const closeKeepingIndex = async (path: string, dataSource: DataSource): Promise<void> => {
  if (path !== inMemoryPath) {
    await emptyJournal(dataSource).catch(() => undefined);
    const closeBefore = async (last: DataSource): Promise<void> => {
      // SQLite opens both only when something is read.
      await tableNames(last);
      await dataSource.destroy();
    };
    await readingOnly(path, closeBefore).catch(() => undefined);
  }
  if (dataSource.isInitialized) await dataSource.destroy();
};
