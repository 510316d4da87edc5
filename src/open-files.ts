import { readFileSync } from 'node:fs';

/** Files that are open besides connections: the database, the program itself, name look-ups. */
const otherFiles = 256;

/** How many files this process may open; `undefined` where the system does not tell. Node has raised it as far as it may. */
const openFilesMax = (): number | undefined => {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
};

/**
 * How many of `wanted` client connections this process can hold and still have a third of its files for upstreams. With more
 * of them, idle clients would use up the files, and no channel could be reached.
 */
export const affordableConnections = (wanted: number, openFiles: number | undefined = openFilesMax()): number =>
  openFiles === undefined ? wanted : Math.max(1, Math.min(wanted, Math.floor(((openFiles - otherFiles) * 2) / 3)));
