import type { DataSource } from 'typeorm';
import { busyTimeoutMs } from './data-source.js';
import { isPostgres } from './dialect.js';

/**
 * Empties the write-ahead log into the file, so that a key which was replaced or deleted is left in neither: the file is
 * wiped as it is written (`secure_delete`). Never waits for readers: while one looks at the old state the journal stays,
 * until the next time or until the last connection closes. A server's files are its operator's: there is nothing to do.
 */
export const emptyJournal = async (dataSource: DataSource): Promise<void> => {
  if (isPostgres(dataSource)) return;
  await dataSource.query('PRAGMA busy_timeout = 0');
  try {
    await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await dataSource.query(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }
};
