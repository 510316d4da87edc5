import { DataSource } from 'typeorm';
import { programVersion } from '../../config/program-version.js';
import type { EpochMs } from '../../domain/time.js';
import { dataSourceOptions } from '../data-source.js';
import { DatabaseRefusal, isHeldByAnother } from '../database-refusal.js';
import { messageOf } from '../error-message.js';
import type { KeySecrets } from '../key-secrets.js';
import { InitialSchema1795381863000 } from '../migrations/1795381863000-initial-schema.js';
import { AuditLog1795384900000 } from '../migrations/1795384900000-audit-log.js';
import { TrendsAndTallies1795385014000 } from '../migrations/1795385014000-trends-and-tallies.js';
import type { Tell } from '../opening-news.js';
import { silence } from '../silent-logger.js';
import { backedUp } from './backup.js';
import { convert } from './convert.js';
import { LogTimes } from './log-times.js';
import { recognise, type OriginalLayout } from './layout.js';
import { refuseWithoutRoom, wantOfRoom } from './room.js';
import { takeoverReport } from './takeover-news.js';

/**
 * The tables that the copying knows. Migrations that came later run afterwards, as they do for any older file: nobody who
 * writes one has to think of the original.
 */
const migrations = [InitialSchema1795381863000, AuditLog1795384900000, TrendsAndTallies1795385014000];

/** Pages in memory while rows are copied. */
const cacheKiB = 64 * 1024;
/** How long to wait for others: an original that still runs will not end within seconds. */
const waitMs = 1_000;
/** Log rows between two notes of how far it is. */
const rowsPerNote = 100_000;

export interface TakeoverTerms {
  readonly path: string;
  readonly secrets: KeySecrets;
  readonly tell: Tell;
  readonly now: EpochMs;
  /** Is told of every step when it is done, for tests that end the program there. */
  readonly stepped?: (step: string) => void;
}

/** The part of the driver's connection that takes functions for SQL. */
interface SqlFunctions {
  function(name: string, implementation: (value: unknown) => number): unknown;
}

const connect = (path: string, times: LogTimes): Promise<DataSource> => {
  const prepareDatabase = (database: SqlFunctions): void => void database.function('taken_time', (stored) => times.of(stored));
  const options = { ...dataSourceOptions(path), migrations, timeout: waitMs, enableWAL: false, fileMustExist: true, logger: silence, prepareDatabase };
  return new DataSource(options).initialize();
};

/**
 * Nobody else may have the file open from here on, neither the original that still runs nor a second start of ours; and what
 * lies in a write-ahead log comes into the file. With a rollback journal no row is written twice.
 */
const lock = async (dataSource: DataSource, path: string): Promise<void> => {
  try {
    await dataSource.query('PRAGMA locking_mode = EXCLUSIVE');
    await dataSource.query('PRAGMA journal_mode = DELETE');
    await dataSource.query('BEGIN EXCLUSIVE');
    await dataSource.query('COMMIT');
  } catch (error) {
    if (!isHeldByAnother(error)) throw error;
    const sentence = `The database ${path} is open in another program: stop the original ccLoad, then start again. Nothing was changed.`;
    throw new DatabaseRefusal(sentence, { cause: error });
  }
};

/** Keys that the original had overwritten may still lie in unused pages; this leaves none. */
const leaveNoTrace = async (dataSource: DataSource, tell: Tell): Promise<void> => {
  try {
    await dataSource.query('VACUUM');
  } catch (error) {
    tell({ weight: 'warning', sentence: `Former keys may lie in unused parts of the database, which could not be cleaned: ${messageOf(error)}.` });
  }
};

const copyAside = async (dataSource: DataSource, layout: OriginalLayout, { path, secrets, tell }: TakeoverTerms): Promise<void> => {
  const base = `${path}.before-${programVersion()}`;
  await refuseWithoutRoom(dataSource, { path, copy: base, layout });
  const copy = await backedUp(dataSource, base, layout);
  tell({ weight: 'note', sentence: `All that it held is kept in ${copy}.` });
  if (secrets.current !== undefined) tell({ weight: 'warning', sentence: `${copy} holds the channel keys in clear: put it in a safe place, or delete it once all is well.` });
};

const inOneTransaction = async <T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> => {
  // Dropping channels would otherwise delete whatever refers to them.
  await dataSource.query('PRAGMA foreign_keys = OFF');
  // Names in what stays (views, keys of other tables) go on meaning our tables, not those that are moved aside.
  await dataSource.query('PRAGMA legacy_alter_table = ON');
  // No step sorts more than a slice of the log, so nothing needs a folder for temporary files.
  await dataSource.query('PRAGMA temp_store = MEMORY');
  await dataSource.query(`PRAGMA cache_size = -${cacheKiB}`);
  await dataSource.query('BEGIN EXCLUSIVE');
  try {
    const result = await work();
    await dataSource.query('COMMIT');
    return result;
  } catch (error) {
    // After some errors, a full disk among them, SQLite has undone everything by itself.
    await dataSource.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};

const takeOverLocked = async (dataSource: DataSource, terms: TakeoverTerms, times: LogTimes): Promise<void> => {
  const { path, secrets, tell, now, stepped = () => undefined } = terms;
  await lock(dataSource, path);
  stepped('locked');
  const recognition = await recognise(dataSource);
  // Another start was faster: what it left is looked at as any database of ours.
  if (recognition.kind !== 'original') return;
  const { layout } = recognition;
  tell({ weight: 'note', sentence: `The database ${path} is one of the original ccLoad and is taken over.` });
  await copyAside(dataSource, layout, terms);
  stepped('copied aside');
  if (secrets.current !== undefined) {
    await leaveNoTrace(dataSource, tell);
    stepped('wiped');
  }
  const copied = (rows: number): void => {
    stepped('log rows');
    if (rows % rowsPerNote === 0) tell({ weight: 'note', sentence: `${rows.toLocaleString('en')} log rows are taken over.` });
  };
  const takeover = await inOneTransaction(dataSource, () => convert(dataSource, { layout, now, times, stepped, copied }));
  stepped('committed');
  for (const news of takeoverReport(takeover, layout)) tell(news);
};

/**
 * Makes the original database at `path` one of ours: a copy first, then everything in one transaction, so that a program
 * which ends in the middle leaves an original database, and the next start begins again. Rejects, with nothing changed, when
 * the file is open elsewhere or the disk is full.
 */
export const takeOver = async (terms: TakeoverTerms): Promise<void> => {
  const times = new LogTimes(terms.now);
  const dataSource = await connect(terms.path, times);
  try {
    await takeOverLocked(dataSource, terms, times);
  } catch (error) {
    throw wantOfRoom(terms.path, error);
  } finally {
    await dataSource.destroy();
  }
};
