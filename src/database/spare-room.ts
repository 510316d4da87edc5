import { rm, stat, writeFile } from 'node:fs/promises';
import { isWantOfRoom } from './database-refusal.js';
import { inMemoryPath } from './in-memory-path.js';

/** The smallest index of a write-ahead log, without which SQLite opens no file (walformat, "The WAL-Index File Format"). */
const spareBytes = 32 * 1024;

const spareOf = (path: string): string => `${path}-spare`;

const giveUp = (spare: string): Promise<boolean> =>
  rm(spare).then(
    () => true,
    () => false,
  );

/** Keeps the room, where there is some: a start on a full disk will want it. Never rejects. */
export const keepSpareRoom = async (path: string): Promise<void> => {
  if (path === inMemoryPath) return;
  const spare = spareOf(path);
  const kept = await stat(spare).catch(() => undefined);
  if (kept?.size === spareBytes) return;
  await writeFile(spare, Buffer.alloc(spareBytes), { mode: 0o600 }).catch(() => giveUp(spare));
};

/**
 * Opens the file. A proper stop removes the index of the write-ahead log, and a full disk leaves no room to make it anew: then
 * the room that was kept for it is given up. What cannot be stored afterwards waits or is refused, as on any full disk.
 */
export const withSpareRoom = async <T>(path: string, open: () => Promise<T>): Promise<T> => {
  const opened = await open().catch(async (error: unknown) => {
    if (!isWantOfRoom(error) || !(await giveUp(spareOf(path)))) throw error;
    return open();
  });
  await keepSpareRoom(path);
  return opened;
};
