import { existsSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataSource } from 'typeorm';
import { DatabaseRefusal } from '../database-refusal.js';
import type { OriginalLayout } from './layout.js';
import { quoted } from './stored-values.js';

/** Copies of one version beside one file; who has more of them should look what is going on. */
const backupsMax = 20;
/** It holds the channel keys as they are. */
const ownerOnly = 0o600;

const countOf = async (dataSource: DataSource, sql: string): Promise<number> => {
  const [row]: readonly { count: number }[] = await dataSource.query(sql);
  return row?.count ?? 0;
};

/** Rows that only one of the two has. The log is only ever appended to and cut at its old end: its ends tell. */
const differenceIn = (table: string): string => {
  const name = quoted(table);
  const [main, copy] = [`main.${name}`, `copy.${name}`];
  if (table !== 'logs') {
    const onlyIn = (one: string, other: string): string => `(SELECT COUNT(*) FROM (SELECT * FROM ${one} EXCEPT SELECT * FROM ${other}))`;
    return `SELECT ${onlyIn(main, copy)} + ${onlyIn(copy, main)} + ((SELECT COUNT(*) FROM ${main}) <> (SELECT COUNT(*) FROM ${copy})) AS count`;
  }
  const ends = (logs: string): string => `SELECT COUNT(*), MIN(id), MAX(id) FROM ${logs}`;
  return `SELECT COUNT(*) AS count FROM (${ends(main)} EXCEPT ${ends(copy)})`;
};

/** True when the file is a database that holds what ours holds. */
const holdsTheSame = async (dataSource: DataSource, file: string, { columns, otherTables }: OriginalLayout): Promise<boolean> => {
  try {
    await dataSource.query('ATTACH ? AS copy', [file]);
  } catch {
    return false;
  }
  try {
    for (const table of [...columns.keys(), ...otherTables]) if ((await countOf(dataSource, differenceIn(table))) > 0) return false;
    return true;
  } catch {
    return false;
  } finally {
    await dataSource.query('DETACH copy');
  }
};

const synced = async (path: string): Promise<void> => {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
};

/** Makes a name survive a power failure. Windows has no such thing, and no way to open a folder. */
const folderSynced = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
};

/** An unfinished copy of a start that was interrupted, and the journal of it, which would be played into the next one. */
const removeUnfinished = (unfinished: string): void => {
  for (const file of [unfinished, `${unfinished}-journal`]) rmSync(file, { force: true });
};

/** SQLite copies what the database holds, rows in a write-ahead log included, into an empty file that only we may read. */
const written = async (dataSource: DataSource, file: string, layout: OriginalLayout): Promise<void> => {
  const unfinished = `${file}.part`;
  removeUnfinished(unfinished);
  try {
    await (await open(unfinished, 'wx', ownerOnly)).close();
    await dataSource.query('VACUUM INTO ?', [unfinished]);
    if (!(await holdsTheSame(dataSource, unfinished, layout))) throw new DatabaseRefusal(`The copy ${unfinished} does not hold what it should; nothing was changed.`);
    await synced(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    removeUnfinished(unfinished);
    throw error;
  }
  await folderSynced(dirname(file));
};

/**
 * Copies the database aside and says where the copy is: `base`, or `base-2` and so on when that name is taken. No file is
 * ever overwritten; a copy that a start before this one made of the same rows is the copy.
 */
export const backedUp = async (dataSource: DataSource, base: string, layout: OriginalLayout): Promise<string> => {
  for (let count = 1; count <= backupsMax; count += 1) {
    const file = count === 1 ? base : `${base}-${count}`;
    if (!existsSync(file)) {
      await written(dataSource, file, layout);
      return file;
    }
    if (await holdsTheSame(dataSource, file, layout)) return file;
  }
  throw new DatabaseRefusal(`There are ${backupsMax} copies already, from ${base} on, none of them of this database: move them away. Nothing was changed.`);
};
