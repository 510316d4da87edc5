import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as fromSource from '../../src/database/database.js';
import { attemptRecord } from '../support/attempt-record.js';
import { aChannel, killedAfter, manyLogRows, rowsOf, writeOriginal } from '../support/original-database.js';
import { mountSmallDisk, noSmallDisksBecause, type SmallDisk } from '../support/small-disk.js';

const built = fileURLToPath(new URL('../../dist/src/database/database.js', import.meta.url));
const { Database }: typeof fromSource = await import(built);

const reason = noSmallDisksBecause();
if (reason !== undefined) process.stderr.write(`A full disk is not tested, because no small one can be mounted here: ${reason}\n`);
const withDisk = reason === undefined ? describe : describe.skip;

const diskBytes = 2_000_000;
let disk: SmallDisk | undefined;
const opened: fromSource.Database[] = [];
let path = '';
beforeEach(() => {
  if (reason !== undefined) return;
  disk = mountSmallDisk(diskBytes);
  path = join(disk.folder, 'ccload.db');
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  disk?.remove();
});

const openDatabase = async (): Promise<fromSource.Database> => {
  const database = await Database.open({ path });
  opened.push(database);
  return database;
};

const many = Array.from({ length: 500 }, (_, time) => attemptRecord({ time: 1_000 + time, message: 'x'.repeat(500) }));
const draft = { name: 'a', apiKey: 'k', url: 'https://a.example.com', models: ['m'], priority: 0, enabled: true };

/** What another connection finds: only what was committed. */
const channelsSeenByOthers = async (): Promise<readonly string[]> => {
  const channels = await (await openDatabase()).remote('channels').all();
  return channels.map(({ name }) => name);
};

withDisk('a full disk', () => {
  it('is told as such, and what is called stored afterwards is stored', async () => {
    const database = await openDatabase();
    disk?.fill();
    for (let round = 0; round < 4; round += 1) {
      await expect(database.remote('logs').append(many)).rejects.toMatchObject({ name: 'StorageError', problem: 'disk-full' });
    }
    disk?.free();
    await database.remote('logs').append(many);
    await database.remote('channels').insert(draft, 1);
    expect(await channelsSeenByOthers()).toEqual(['a']);
  });

  it('stores a batch of rows whole or not at all', async () => {
    const database = await openDatabase();
    const logs = database.remote('logs');
    disk?.fill();
    await expect(logs.append(many)).rejects.toMatchObject({ problem: 'disk-full' });
    disk?.free();
    expect((await logs.page({ since: 0, limit: 1, offset: 0 })).count).toBe(0);
    await logs.append(many);
    expect((await logs.page({ since: 0, limit: 1, offset: 0 })).count).toBe(500);
  });

  it('does not keep anybody from reading', async () => {
    const database = await openDatabase();
    await database.remote('channels').insert(draft, 1);
    disk?.fill();
    await expect(database.remote('logs').append(many)).rejects.toMatchObject({ problem: 'disk-full' });
    expect(await database.remote('channels').all()).toHaveLength(1);
  });
});

withDisk('a disk without room for a takeover', () => {
  const rows = { channels: [aChannel], then: [manyLogRows(3_000, 1_758_960_000)] };
  const digest = (): string => createHash('sha256').update(readFileSync(path)).digest('hex');

  it('is found out before anything is written', async () => {
    await writeOriginal(path, rows);
    disk?.fill(750_000);
    const before = digest();
    await expect(openDatabase()).rejects.toThrow(
      /^The takeover of .*ccload\.db needs at least 0\.9 MB of free space beside it, and there are 0\.7 MB\. Nothing was changed: free some space, then start again\.$/,
    );
    expect([digest(), readdirSync(disk?.folder ?? '')]).toEqual([before, ['ccload.db', 'filler']]);
  });

  it('leaves the original as it was when it is full in the middle, and the next start takes it over', async () => {
    await writeOriginal(path, rows);
    disk?.fill(1_000_000);
    await expect(openDatabase()).rejects.toThrow(/^The disk became full during the takeover of .*ccload\.db\. Nothing was changed: free some space, then start again\.$/);
    expect(await rowsOf(path, 'SELECT COUNT(*) AS rows, MIN(typeof(time)) AS time FROM logs')).toEqual([{ rows: 3_000, time: 'text' }]);
    disk?.free();
    await openDatabase();
    expect(await rowsOf(path, 'SELECT COUNT(*) AS rows, MIN(typeof(time)) AS time FROM logs')).toEqual([{ rows: 3_000, time: 'integer' }]);
    expect(readdirSync(disk?.folder ?? '').filter((file) => file.includes('before'))).toHaveLength(1);
  });

  it('has a sentence also where a change has to be undone before anybody can look at the file', async () => {
    await writeOriginal(path, rows);
    killedAfter(path, 'BEGIN; UPDATE logs SET status_code = 500;');
    disk?.fill();
    const before = digest();
    await expect(openDatabase()).rejects.toThrow(/the disk has no room for the copy in which to look whose it is\. It was left untouched: free some space/);
    expect([digest(), readdirSync(disk?.folder ?? '')]).toEqual([before, ['ccload.db', 'ccload.db-journal', 'filler']]);
    disk?.free();
    await openDatabase();
    expect(await rowsOf(path, 'SELECT SUM(status_code = 200) AS good FROM logs')).toEqual([{ good: 2_700 }]);
  });
});
