import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { DatabaseRefusal, isWantOfRoom } from '../database-refusal.js';
import type { OriginalLayout } from './layout.js';

/**
 * What a log row takes in our tables and indexes at least, while the original's table is still there: 187 bytes were measured
 * for rows without model and message, 250 for usual ones.
 */
const bytesPerLogRow = 160;

const numberOf = async (dataSource: DataSource, sql: string): Promise<number> => {
  const [row]: readonly { value: number }[] = await dataSource.query(sql);
  return row?.value ?? 0;
};

/** Bytes that are free beside the file; `undefined` where nobody can say: a file system of its own, or one that does not tell. */
const freeBeside = async (path: string): Promise<number | undefined> => {
  const folder = dirname(resolve(path));
  const [file, around, system] = await Promise.all([stat(path), stat(folder), statfs(folder)]);
  return file.dev !== around.dev || system.blocks === 0 ? undefined : system.bavail * system.bsize;
};

export interface RoomTerms {
  readonly path: string;
  /** Where the copy will be. */
  readonly copy: string;
  readonly layout: OriginalLayout;
}

/** The least that copying and converting add to the disk, in bytes. Usually it is more: whoever has this much may still run out. */
const leastBytes = async (dataSource: DataSource, { copy, layout }: RoomTerms): Promise<number> => {
  const pageBytes = await numberOf(dataSource, 'SELECT page_size AS value FROM pragma_page_size');
  const pages = await numberOf(dataSource, 'SELECT page_count AS value FROM pragma_page_count');
  const unused = await numberOf(dataSource, 'SELECT freelist_count AS value FROM pragma_freelist_count');
  const logRows = layout.columns.has('logs') ? await numberOf(dataSource, 'SELECT COUNT(*) AS value FROM logs') : 0;
  const copied = existsSync(copy) ? 0 : (pages - unused) * pageBytes;
  return copied + Math.max(logRows * bytesPerLogRow - unused * pageBytes, 0);
};

const megabytes = (bytes: number, round: (value: number) => number): string => `${(round(bytes / 1e5) / 10).toFixed(1)} MB`;

/** Throws when the disk would certainly be full before the takeover is done: nobody else on it should have to feel that. */
export const refuseWithoutRoom = async (dataSource: DataSource, terms: RoomTerms): Promise<void> => {
  const free = await freeBeside(terms.path).catch(() => undefined);
  const least = await leastBytes(dataSource, terms);
  if (free === undefined || free >= least) return;
  throw new DatabaseRefusal(
    `The takeover of ${terms.path} needs at least ${megabytes(least, Math.ceil)} of free space beside it, and there are ` +
      `${megabytes(free, Math.floor)}. Nothing was changed: free some space, then start again.`,
  );
};

/** What became of a takeover that ran out of room all the same; any other error as it is. */
export const wantOfRoom = (path: string, error: unknown): unknown =>
  isWantOfRoom(error)
    ? new DatabaseRefusal(`The disk became full during the takeover of ${path}. Nothing was changed: free some space, then start again.`, { cause: error })
    : error;
