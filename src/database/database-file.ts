import { constants, type Stats } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions, migrations } from './data-source.js';
import { messageOf } from './error-message.js';
import { inMemoryPath } from './in-memory-path.js';

/** An expected reason not to start, in a sentence for the operator. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal';
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const sentences: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'is not an SQLite database; it was left untouched',
  SQLITE_CANTOPEN: 'cannot be opened: expected a file that may be read and written, in a folder that may be written to',
  SQLITE_READONLY: 'may not be written to',
  SQLITE_BUSY: 'is held by another program',
  SQLITE_LOCKED: 'is held by another program',
  SQLITE_CORRUPT: 'is damaged',
  SQLITE_FULL: 'cannot grow: the disk is full',
};

/** Why the file could not be opened or migrated, as one sentence that names it. */
export const refusalOf = (path: string, error: unknown): DatabaseRefusal => {
  if (error instanceof DatabaseRefusal) return error;
  const code = codeOf(error);
  const known = typeof code === 'string' ? Object.entries(sentences).find(([prefix]) => code.startsWith(prefix)) : undefined;
  return new DatabaseRefusal(`The database ${path} ${known?.[1] ?? `cannot be used: ${messageOf(error)}`}.`, { cause: error });
};

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

/** Reads without changing a byte: turning on WAL writes to the file, and it may not be ours. */
const refuseStrangeTables = async (path: string): Promise<void> => {
  const reader = new DataSource({ ...dataSourceOptions(path), enableWAL: false, readonly: true, fileMustExist: true });
  await reader.initialize();
  try {
    const tables: readonly { name: string }[] = await reader.query(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'`,
    );
    if (tables.length === 0) return;
    if (!tables.some(({ name }) => name === 'migrations')) {
      throw new DatabaseRefusal(`The database ${path} holds tables that are not ccLoad's; it was left untouched.`);
    }
    const known = new Set(migrations.map(({ name }) => name));
    const executed: readonly { name: string }[] = await reader.query('SELECT name FROM migrations');
    const strange = executed.find(({ name }) => !known.has(name));
    if (strange !== undefined) {
      throw new DatabaseRefusal(
        `The database ${path} was changed by a newer ccLoad or another program (${strange.name}); it was left untouched.`,
      );
    }
  } finally {
    await reader.destroy();
  }
};

/** For the owner only: it holds keys, and SQLite gives its journal the same rights. */
const makeFile = async (path: string): Promise<void> => {
  const file = await open(path, 'a', 0o600);
  await file.close();
};

/** Makes folder and file, or looks whether the file that is there is ours. Throws a `DatabaseRefusal` when it is not. */
export const prepareDatabaseFile = async (path: string): Promise<void> => {
  if (path === inMemoryPath) return;
  await makeFolder(dirname(path));
  const file = await statOf(path);
  if (file === undefined) return makeFile(path);
  if (file.size === 0) return;
  if (!file.isFile()) throw new DatabaseRefusal(`The database ${path} is not a file.`);
  await refuseStrangeTables(path);
};
