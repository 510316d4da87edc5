import { codeOf, messageOf } from './error-message.js';

/** An expected reason not to start, in a sentence for the operator. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal';
}

/** What to do about a damaged file, as the end of a sentence. */
export const rescue = 'put a backup in its place, or rescue what can be read with "sqlite3 FILE .recover | sqlite3 RESCUED"';

const sentences: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'is not an SQLite database; it was left untouched: set SQLITE_PATH to another file, or put a backup in its place',
  SQLITE_CANTOPEN: 'cannot be opened: expected a file that may be read and written, in a folder that may be written to',
  // One that is as it has to be can be used without.
  SQLITE_READONLY: 'has to be changed before it can be used, and may not be written to: make its disk writable, or give this user the right',
  SQLITE_BUSY: 'is held by another program',
  SQLITE_LOCKED: 'is held by another program',
  SQLITE_CORRUPT: `is damaged: ${rescue}`,
  SQLITE_FULL: 'cannot grow: the disk is full; free some space and start again',
  // The index of the write-ahead log has to be made anew at a start, and has no room.
  SQLITE_IOERR_SHMSIZE: 'cannot be opened: the disk is full; free some space and start again',
};

/** Why the file could not be opened or migrated, as one sentence that names it. */
export const refusalOf = (path: string, error: unknown): DatabaseRefusal => {
  if (error instanceof DatabaseRefusal) return error;
  const code = codeOf(error);
  const known = typeof code === 'string' ? Object.entries(sentences).find(([prefix]) => code.startsWith(prefix)) : undefined;
  return new DatabaseRefusal(`The database ${path} ${known?.[1] ?? `cannot be used: ${messageOf(error)}`}.`, { cause: error });
};

const hasCode = (error: unknown, prefix: string): boolean => String(codeOf(error)).startsWith(prefix);

export const isHeldByAnother = (error: unknown): boolean => hasCode(error, 'SQLITE_BUSY') || hasCode(error, 'SQLITE_LOCKED');

/** A program ended in the middle of a change, and nobody who may write has opened the file since. */
export const isCutOff = (error: unknown): boolean => hasCode(error, 'SQLITE_READONLY_ROLLBACK');

/** The disk is full, also for the index of a write-ahead log. */
export const isWantOfRoom = (error: unknown): boolean => hasCode(error, 'SQLITE_FULL') || hasCode(error, 'SQLITE_IOERR_SHM');
