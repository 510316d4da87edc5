import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { silence } from './silent-logger.js';

/** Opens the file for as long as `read` takes, without the right to change it. Rejects as SQLite does when it cannot be opened. */
export const readingOnly = async <T>(path: string, read: (reader: DataSource) => Promise<T>): Promise<T> => {
  const reader = new DataSource({ ...dataSourceOptions(path), enableWAL: false, readonly: true, fileMustExist: true, logger: silence });
  await reader.initialize();
  return read(reader).finally(() => reader.destroy());
};
