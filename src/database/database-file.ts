import { constants, type Stats } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataSource } from 'typeorm';
import { DatabaseRefusal, isCutOff, rescue } from './database-refusal.js';
import { codeOf, messageOf } from './error-message.js';
import { undoneIfOurs } from './half-done.js';
import { inMemoryPath } from './in-memory-path.js';
import { recognise } from './original/layout.js';
import { hadMigrations, refuseUnknownMigrations } from './known-migrations.js';
import { readingOnly } from './reading-only.js';
import { tableNames } from './table-names.js';

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new DatabaseRefusal(
      `The folder of the database, ${folder}, cannot be ${codeOf(error) === 'EACCES' ? 'written to' : 'made or used'}: ` +
        `${messageOf(error)}.`,
      { cause: error },
    );
  }
};

const statOf = async (path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** A file that is not there yet or holds nothing, one that our migrations made, or one of the first public ccLoad. */
export type FileKind = 'new' | 'ours' | 'original';

/** For the owner only: it holds keys, and SQLite gives its journal the same rights. */
const makeFile = async (path: string): Promise<void> => {
  const file = await open(path, 'a', 0o600);
  await file.close();
};

/** Damage that the original has lived with would stop the takeover half-way, or be copied. */
const refuseDamage = async (path: string, reader: DataSource): Promise<void> => {
  const [first]: readonly { quick_check: string }[] = await reader.query('PRAGMA quick_check(1)');
  if (first?.quick_check === 'ok') return;
  const found = (first?.quick_check ?? '').replaceAll(/\s+/g, ' ').replace(/^\*+ in database main \*+ /, '');
  throw new DatabaseRefusal(`The database ${path} is damaged (${found}) and was left untouched: ${rescue}.`);
};

const kindOf = async (path: string, reader: DataSource): Promise<FileKind> => {
  if (await hadMigrations(reader, await tableNames(reader))) {
    await refuseUnknownMigrations(`The database ${path}`, reader);
    return 'ours';
  }
  const recognition = await recognise(reader);
  switch (recognition.kind) {
    case 'empty':
      return 'new';
    case 'strange':
      throw new DatabaseRefusal(`The database ${path} ${recognition.because}; it was left untouched: ${recognition.advice}.`);
    case 'original':
      await refuseDamage(path, reader);
      return 'original';
  }
};

/** Looks at a file that is there. Throws a `DatabaseRefusal` when it is neither ours nor an original one. */
export const kindOfFile = (path: string): Promise<FileKind> => readingOnly(path, (reader) => kindOf(path, reader));

/** Whether this program may read the file and not change it: its rights, or those of its disk, were taken away. */
export const mayOnlyBeRead = async (path: string): Promise<boolean> => {
  if (path === inMemoryPath) return false;
  const isRefused = await access(path, constants.W_OK).then(
    () => false,
    (error: unknown) => ['EROFS', 'EACCES', 'EPERM'].includes(String(codeOf(error))),
  );
  return isRefused && (await access(path, constants.R_OK).then(() => true, () => false));
};

/**
 * Makes folder and file, or looks whether the file that is there is ours or an original one. Throws a `DatabaseRefusal` when it
 * is not. Reads without changing a byte: turning on WAL writes to the file, and it may be somebody else's.
 */
export const prepareDatabaseFile = async (path: string): Promise<FileKind> => {
  if (path === inMemoryPath) return 'new';
  await makeFolder(dirname(path));
  const file = await statOf(path);
  if (file === undefined) {
    await makeFile(path);
    return 'new';
  }
  if (file.size === 0) return 'new';
  if (!file.isFile()) throw new DatabaseRefusal(`The database ${path} is not a file.`);
  return kindOfFile(path);
};

/** The same for a file in which a program may have left a change half-done: that is undone, in a file that is not refused. */
export const mendDatabaseFile = async (path: string): Promise<FileKind> => {
  try {
    return await prepareDatabaseFile(path);
  } catch (error) {
    if (!isCutOff(error)) throw error;
    await undoneIfOurs(path, (copy) => readingOnly(copy, (reader) => kindOf(path, reader)));
    return prepareDatabaseFile(path);
  }
};
