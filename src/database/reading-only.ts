import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { silence } from './silent-logger.js';

/** A connection without the right to change the file. Rejects as SQLite does when it cannot be opened. */
export const connectForReading = (path: string): Promise<DataSource> =>
  new DataSource({ ...dataSourceOptions(path), enableWAL: false, readonly: true, fileMustExist: true, logger: silence }).initialize();

/** The same for as long as `read` takes. */
export const readingOnly = async <T>(path: string, read: (reader: DataSource) => Promise<T>): Promise<T> => {
  const reader = await connectForReading(path);
  return read(reader).finally(() => reader.destroy());
};
