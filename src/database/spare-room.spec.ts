import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepSpareRoom, withSpareRoom } from './spare-room.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccload-spare-'));
  path = join(folder, 'ccload.db');
});
afterEach(() => rm(folder, { recursive: true }));

const failure = (code: string): Error => Object.assign(new Error('no'), { code });

/** Fails as often as there are codes, then opens; notes what lay in the folder each time. */
const opening = (...codes: readonly string[]): { readonly open: () => Promise<string>; readonly seen: (readonly string[])[] } => {
  const seen: (readonly string[])[] = [];
  const left = [...codes];
  const open = async (): Promise<string> => {
    seen.push(await readdir(folder));
    const code = left.shift();
    if (code !== undefined) throw failure(code);
    return 'opened';
  };
  return { open, seen };
};

describe('room for a start on a full disk', () => {
  it('is kept beside the file, for its owner only', async () => {
    await withSpareRoom(path, opening().open);
    const { size, mode } = await stat(`${path}-spare`);
    expect([size, mode & 0o777]).toEqual([32_768, 0o600]);
  });

  it.each(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_SHMMAP'])('is given up for a second try after %s, and kept again', async (code) => {
    await keepSpareRoom(path);
    const { open, seen } = opening(code);
    expect(await withSpareRoom(path, open)).toBe('opened');
    expect(seen).toEqual([['ccload.db-spare'], []]);
    expect(await readdir(folder)).toEqual(['ccload.db-spare']);
  });

  it('is given up once: a second failure is the answer', async () => {
    await keepSpareRoom(path);
    const { open, seen } = opening('SQLITE_FULL', 'SQLITE_FULL', 'SQLITE_FULL');
    await expect(withSpareRoom(path, open)).rejects.toThrow('no');
    expect(seen).toHaveLength(2);
  });

  it('is no reason for a second try where there is none', async () => {
    const { open, seen } = opening('SQLITE_FULL');
    await expect(withSpareRoom(path, open)).rejects.toThrow('no');
    expect(seen).toHaveLength(1);
  });

  it.each(['SQLITE_CORRUPT', 'SQLITE_BUSY', 'SQLITE_READONLY', 'SQLITE_IOERR_READ'])('stays where it is after %s', async (code) => {
    await keepSpareRoom(path);
    await expect(withSpareRoom(path, opening(code).open)).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual(['ccload.db-spare']);
  });

  it('is made anew when what lies there is not what was kept', async () => {
    await writeFile(`${path}-spare`, 'half');
    await keepSpareRoom(path);
    expect((await stat(`${path}-spare`)).size).toBe(32_768);
  });

  it('is not missed where it cannot be kept, and not wanted in memory', async () => {
    await keepSpareRoom(join(folder, 'nowhere', 'ccload.db'));
    expect(await withSpareRoom(':memory:', opening().open)).toBe('opened');
    expect(await readdir(folder)).toEqual([]);
  });
});
