import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Writes until nothing fits any more, or no more than this many bytes. */
  fill(bytesLeft?: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** From now on nothing may be written; fails while a file on it is open for writing. */
  makeReadOnly(): void;
  makeWritable(): void;
  /** Ends it with everything on it. Files may still be open. */
  remove(): void;
}

/** Mounting is the administrator's; where a password would be needed, it does not happen. */
const asAdministrator = (command: string, args: readonly string[]): string | undefined => {
  const isRoot = process.getuid?.() === 0;
  const [program, rest] = isRoot ? [command, args] : ['sudo', ['-n', command, ...args]];
  const { status, stderr, error } = spawnSync(program, [...rest], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
};

const mount = (...args: readonly string[]): void => {
  const problem = asAdministrator('mount', args);
  if (problem !== undefined) throw new Error(problem);
};

const blockBytes = 4_096;

const fillWith = (path: string, bytesLeft: number): void => {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(blockBytes));
  } catch (error) {
    // What Node throws is no `Error` of the realm that jest runs tests in.
    if (!String(error).includes('ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
  if (bytesLeft > 0) truncateSync(path, statSync(path).size - bytesLeft);
};

/** Mounts one of this many bytes; throws with the reason when this machine does not let us. */
export const mountSmallDisk = (bytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'ccload-disk-'));
  const filler = join(folder, 'filler');
  const owner = `uid=${process.getuid?.() ?? 0},mode=0700`;
  try {
    mount('-t', 'tmpfs', '-o', `size=${bytes},${owner}`, 'tmpfs', folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    folder,
    fill: (bytesLeft = 0) => fillWith(filler, bytesLeft),
    free: () => rmSync(filler, { force: true }),
    makeReadOnly: () => mount('-o', 'remount,ro', folder),
    makeWritable: () => mount('-o', 'remount,rw', folder),
    remove: () => {
      asAdministrator('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * Why tests with small disks cannot run here; `undefined` when they can. Where everything must be tested (CI=true) it throws
 * instead: a skipped test would pass for one that passed.
 */
export const noSmallDisksBecause = (): string | undefined => {
  try {
    mountSmallDisk(blockBytes * 4).remove();
    return undefined;
  } catch (error) {
    const reason = String(error);
    if (process.env['CI'] === 'true') throw new Error(`CI must be able to mount a tmpfs, as root or by sudo without a password: ${reason}`, { cause: error });
    return reason;
  }
};
