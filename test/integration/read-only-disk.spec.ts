import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataSource } from 'typeorm';
import type * as fromSource from '../../src/database/database.js';
import { attemptRecord } from '../support/attempt-record.js';
import { aChannel, writeOriginal } from '../support/original-database.js';
import { mountSmallDisk, noSmallDisksBecause, type SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const built = fileURLToPath(new URL('../../dist/src/database/database.js', import.meta.url));
const { Database }: typeof fromSource = await import(built);

const reason = noSmallDisksBecause();
if (reason !== undefined) process.stderr.write(`A disk that may only be read is not tested, because none can be mounted here: ${reason}\n`);
const withDisk = reason === undefined ? describe : describe.skip;

let disk: SmallDisk | undefined;
const opened: fromSource.Database[] = [];
let path = '';
beforeEach(() => {
  if (reason !== undefined) return;
  disk = mountSmallDisk(4_000_000);
  path = join(disk.folder, 'ccload.db');
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  disk?.remove();
});

type Secrets = Parameters<typeof Database.open>[0]['secrets'];

const openDatabase = async (secrets?: Secrets): Promise<fromSource.Database> => {
  const database = await Database.open({ path, ...(secrets === undefined ? {} : { secrets }) });
  opened.push(database);
  return database;
};

const draft = { name: 'a', apiKey: 'sk-a', url: 'https://a.example.com', models: ['m'], priority: 0, enabled: true };
const secret = { current: 'a secret of the operator', previous: undefined };

const fileWithOneChannel = async (secrets?: Secrets): Promise<void> => {
  const database = await openDatabase(secrets);
  await database.remote('channels').insert(draft, 1);
  await database.remote('logs').append([attemptRecord()]);
  await database.close();
  opened.pop();
};

const keysIn = async (database: fromSource.Database): Promise<readonly (string | undefined)[]> =>
  (await database.remote('channels').all()).map(({ keys }) => keys[0]?.secret);

const digests = (): readonly string[] =>
  readdirSync(disk?.folder ?? '').map((file) => `${file} ${createHash('sha256').update(readFileSync(join(disk?.folder ?? '', file))).digest('hex')}`);

withDisk('a database on a disk that may only be read', () => {
  it('answers what is asked, through one thread, and refuses what is to be stored as want of storage', async () => {
    await fileWithOneChannel();
    const before = digests();
    disk?.makeReadOnly();
    const database = await openDatabase();
    expect(await keysIn(database)).toEqual(['sk-a']);
    expect((await database.remote('logs').page({ since: 0, limit: 1, offset: 0 })).count).toBe(1);
    await expect(database.remote('logs').append([attemptRecord()])).rejects.toMatchObject({ name: 'StorageError', problem: 'read-only' });
    await expect(database.remote('channels').insert({ ...draft, name: 'b' }, 1)).rejects.toMatchObject({ problem: 'read-only' });
    expect(await keysIn(database)).toEqual(['sk-a']);
    expect(digests()).toEqual(before);
  });

  it('stores again after the first refusal once the disk is mended, and is read by two threads then', async () => {
    await fileWithOneChannel();
    disk?.makeReadOnly();
    const database = await openDatabase();
    const logs = database.remote('logs');
    await logs.page({ since: 0, limit: 1, offset: 0 });
    disk?.makeWritable();
    await until('the log to be written', () => logs.append([attemptRecord()]).then(() => true, () => undefined));
    await database.remote('channels').insert({ ...draft, name: 'b', apiKey: 'sk-b' }, 1);
    expect((await logs.page({ since: 0, limit: 1, offset: 0 })).count).toBe(2);
    await logs.append([attemptRecord()]);
    expect((await logs.page({ since: 0, limit: 1, offset: 0 })).count).toBe(3);
    expect(await keysIn(database)).toEqual(['sk-a', 'sk-b']);
  });

  it('opens sealed keys with the secret that sealed them', async () => {
    await fileWithOneChannel(secret);
    disk?.makeReadOnly();
    expect(await keysIn(await openDatabase(secret))).toEqual(['sk-a']);
  });

  it.each<[string, Secrets, Secrets, string]>([
    ['without it', secret, undefined, 'holds sealed channel keys: set CCLOAD_SECRET_KEY'],
    ['with another', secret, { current: 'another secret of theirs', previous: undefined }, 'were sealed with another secret'],
    ['with the first one there is, which has to seal them', undefined, secret, 'has to be changed before it can be used'],
  ])('is refused %s, untouched', async (_how, sealedWith, openedWith, sentence) => {
    await fileWithOneChannel(sealedWith);
    const before = digests();
    disk?.makeReadOnly();
    await expect(openDatabase(openedWith)).rejects.toThrow(sentence);
    expect(digests()).toEqual(before);
  });

  it('is refused when its tables are not up to date', async () => {
    await fileWithOneChannel();
    const older = new DataSource({ type: 'better-sqlite3', database: path });
    await older.initialize();
    await older.query('DELETE FROM migrations WHERE id = (SELECT MAX(id) FROM migrations)');
    await older.query('ALTER TABLE runs DROP COLUMN stored');
    await older.query('PRAGMA journal_mode = DELETE');
    await older.destroy();
    disk?.makeReadOnly();
    await expect(openDatabase()).rejects.toThrow(/^The database .*ccload\.db has to be changed before it can be used, and may not be written to: /);
  });

  it('is refused untouched when it is one of the original ccLoad', async () => {
    await writeOriginal(path, { channels: [aChannel] });
    const before = digests();
    disk?.makeReadOnly();
    await expect(openDatabase()).rejects.toThrow(/^The database .*ccload\.db has to be changed before it can be used, and may not be written to: /);
    expect(digests()).toEqual(before);
  });

  it('is refused untouched when it is not ours', async () => {
    const other = new DataSource({ type: 'better-sqlite3', database: path });
    await other.initialize();
    await other.query('CREATE TABLE recipes (id INTEGER)');
    await other.destroy();
    disk?.makeReadOnly();
    await expect(openDatabase()).rejects.toThrow(/ccload\.db .*it was left untouched/);
  });

  it('is refused when the index of its write-ahead log is missing', async () => {
    await fileWithOneChannel();
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`);
    disk?.makeReadOnly();
    await expect(openDatabase()).rejects.toThrow(/^The database .*ccload\.db cannot be opened/);
  });
});
