import { constants, rmSync } from 'node:fs';
import { copyFile, readdir, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { DatabaseRefusal } from './database-refusal.js';
import { codeOf } from './error-message.js';
import { silence } from './silent-logger.js';
import { tableNames } from './table-names.js';

/** Undoes what a program left half-done when it was ended, as the next program that opens the file does in any case. */
const undoHalfDone = async (path: string): Promise<void> => {
  const dataSource = new DataSource({ ...dataSourceOptions(path), enableWAL: false, fileMustExist: true, logger: silence });
  await dataSource.initialize();
  await tableNames(dataSource).finally(() => dataSource.destroy());
};

const journalOf = (file: string): string => `${file}-journal`;

const remove = (file: string): void => {
  for (const name of [file, journalOf(file)]) rmSync(name, { force: true });
};

const copied = async (path: string, copy: string): Promise<void> => {
  const file = await realpath(path);
  try {
    await copyFile(file, copy, constants.COPYFILE_FICLONE);
    await copyFile(journalOf(file), journalOf(copy), constants.COPYFILE_FICLONE);
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error;
    const sentence =
      `The database ${path} holds a change that was cut off when a program ended, and the disk has no room for the copy in which to look ` +
      'whose it is. It was left untouched: free some space, or set SQLITE_PATH to another file, then start again.';
    throw new DatabaseRefusal(sentence, { cause: error });
  }
};

/** A takeover that was interrupted has looked already: its own copy lies beside the file. It may have left no room for another. */
const wasTakenOver = async (path: string): Promise<boolean> =>
  (await readdir(dirname(path))).some((name) => name.startsWith(`${basename(path)}.before-`));

/**
 * Undoes the change that a program left half-done in the file, unless `judge` throws. Nobody can look inside before that is
 * undone, and the file may be somebody else's: so it is undone in a copy beside it first, whose path `judge` is given.
 */
export const undoneIfOurs = async (path: string, judge: (copy: string) => Promise<unknown>): Promise<void> => {
  if (!(await wasTakenOver(path))) {
    const copy = `${path}.judged`;
    remove(copy);
    try {
      await copied(path, copy);
      await undoHalfDone(copy);
      await judge(copy);
    } finally {
      remove(copy);
    }
  }
  await undoHalfDone(path);
};
