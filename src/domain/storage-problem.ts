/** Why the database cannot be written to (or read), as far as an operator can mend it. */
export type StorageProblem = 'disk-full' | 'read-only' | 'held' | 'damaged' | 'refused-by-disk' | 'unreachable';

const problemsByCode: readonly (readonly [codePrefix: string, problem: StorageProblem])[] = [
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['SQLITE_BUSY', 'held'],
  ['SQLITE_LOCKED', 'held'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_IOERR', 'refused-by-disk'],
  ['SQLITE_CANTOPEN', 'refused-by-disk'],
  // PostgreSQL: five characters, the first two of which are a class.
  ['53100', 'disk-full'],
  ['25006', 'read-only'],
  ['40001', 'held'],
  ['40P01', 'held'],
  ['55P03', 'held'],
  ['57014', 'held'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
  ['58', 'refused-by-disk'],
  ['08', 'unreachable'],
  ['57P', 'unreachable'],
  ['53300', 'unreachable'],
  ['25P03', 'unreachable'],
  // And the way there.
  ['ECONN', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
];

/** What the error code of SQLite, PostgreSQL or a socket says about the storage; `undefined` when the statement itself was at fault. */
export const storageProblemOf = (code: unknown): StorageProblem | undefined =>
  typeof code === 'string' ? problemsByCode.find(([prefix]) => code.startsWith(prefix))?.[1] : undefined;

/** The problem in words that name no path: `/ready` shows them to everybody. */
export const storageSentences: Readonly<Record<StorageProblem, string>> = {
  'disk-full': 'the disk of the database is full',
  'read-only': 'the database may not be written to',
  held: 'another program holds the database',
  damaged: 'the database file is damaged',
  'refused-by-disk': 'the disk of the database does not let itself be read or written',
  unreachable: 'the database server cannot be reached',
};

/** Thrown when a call failed for want of storage, whatever it wanted; it succeeds once an operator has mended that. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    message: string,
    readonly problem: StorageProblem,
  ) {
    super(message);
  }
}
