import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackedProgram } from './packed-program.js';

const groupAndOthers = 0o077;
const writableByOthers = 0o002;
const sticky = 0o1000;

/**
 * Makes the folder if it is missing. What lies in it is going to be run, so it must be ours and closed to everybody else, and
 * nobody else may put another one in its place. Throws a sentence otherwise.
 */
const ensurePrivate = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const entry = lstatSync(folder);
  const { mode, uid } = entry;
  if (!entry.isDirectory()) throw new Error(`${folder} must be a folder`);
  if (process.getuid !== undefined && uid !== process.getuid()) throw new Error(`${folder} belongs to another account`);
  if ((mode & groupAndOthers) !== 0) throw new Error(`${folder} is open to other accounts: "chmod 700" it, or remove it`);
  // Followed, if it is a link: systemd keeps the caches of passing accounts behind one.
  const above = statSync(dirname(folder)).mode;
  if ((above & writableByOthers) !== 0 && (above & sticky) === 0) throw new Error(`${dirname(folder)} lets everybody replace what lies in it`);
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every file is there, is a file, and holds what it should. */
const isWhole = (folder: string, { files }: PackedProgram): boolean => {
  try {
    return files.every(({ path, sha256: expected }) => lstatSync(join(folder, path)).isFile() && sha256(readFileSync(join(folder, path))) === expected);
  } catch {
    return false;
  }
};

/** Unpacks beside the place where it belongs: a folder under its final name is never half full. */
const unpackBeside = (base: string, program: PackedProgram): string => {
  const fresh = mkdtempSync(join(base, 'unpacking-'));
  for (const { path } of program.files) {
    const file = join(fresh, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, program.read(path), { mode: 0o400, flag: 'wx' });
  }
  return fresh;
};

/** Gives `fresh` its final name. Another start may have been faster; what is there and damaged makes room. */
const settle = (fresh: string, folder: string, program: PackedProgram): void => {
  try {
    renameSync(fresh, folder);
  } catch {
    if (isWhole(folder, program)) return;
    renameSync(folder, `${fresh}-damaged`);
    renameSync(fresh, folder);
  }
};

/** The folder in `base` that holds the program, unpacked unless an earlier start has done so. Throws a sentence. */
const unpackedIn = (base: string, program: PackedProgram): string => {
  ensurePrivate(base);
  const folder = join(base, program.digest.slice(0, 32));
  if (isWhole(folder, program)) return folder;
  const fresh = unpackBeside(base, program);
  try {
    settle(fresh, folder, program);
  } finally {
    for (const left of [fresh, `${fresh}-damaged`]) rmSync(left, { recursive: true, force: true });
  }
  if (!isWhole(folder, program)) throw new Error(`${folder} does not hold what was written into it`);
  return folder;
};

/** The folder that holds the program, in the first of `bases` that will do. Throws a sentence that says why none does. */
export const unpacked = (program: PackedProgram, bases: readonly string[]): string => {
  const problems: string[] = [];
  for (const base of bases) {
    try {
      return unpackedIn(base, program);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`There is no place to unpack the program:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
};
