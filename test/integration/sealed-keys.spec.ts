import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Database } from '../../src/database/database.js';
import { temporaryFolder } from '../support/temporary-database.js';

const first = 'the first passphrase';
const second = '5'.repeat(64);
const key = 'sk-ant-very-secret-0123456789';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'ccload.db');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (current?: string, previous?: string): Promise<Database> => Database.inline({ path, secrets: { current, previous } });

/** Opens the database, reads the keys, and closes it again. */
const keysWith = async (current?: string, previous?: string): Promise<readonly (string | undefined)[]> => {
  const database = await open(current, previous);
  const channels = await database.remote('channels').all();
  await database.close();
  return channels.map((channel) => channel.keys[0]?.secret);
};

const addChannel = async (database: Database, name: string): Promise<void> => {
  const draft = { name, apiKey: key, url: 'https://a.example', models: ['m'], priority: 0, enabled: true };
  await database.remote('channels').insert(draft, 1);
};

const withChannels = async (current: string | undefined, ...names: readonly string[]): Promise<void> => {
  const database = await open(current);
  for (const name of names) await addChannel(database, name);
  await database.close();
};

const query = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const dataSource = new DataSource({ type: 'better-sqlite3', database: path });
  await dataSource.initialize();
  const rows: readonly Readonly<Record<string, unknown>>[] = await dataSource.query(sql);
  await dataSource.destroy();
  return rows;
};

const bytesOnDisk = (): string => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1')).join('');

describe('channel keys with a secret', () => {
  it('lie nowhere on the disk in clear', async () => {
    await withChannels(first, 'a', 'b');
    expect(bytesOnDisk()).not.toContain('very-secret');
    expect(await keysWith(first)).toEqual([key, key]);
  });

  it('that lay open before are sealed at the next start, and leave no trace', async () => {
    await withChannels(undefined, 'a', 'b');
    expect(bytesOnDisk()).toContain('very-secret');
    expect(await keysWith(first)).toEqual([key, key]);
    expect(bytesOnDisk()).not.toContain('very-secret');
  });

  it('are sealed when they are changed or imported', async () => {
    const database = await open(first);
    await addChannel(database, 'a');
    await database.remote('channels').update(1, { apiKey: `${key}-2` }, { now: 2 });
    const csv = Buffer.from('name,key,url,models\nb,sk-very-secret-b,https://a.example,m\na,sk-very-secret-a,https://a.example,m\n');
    await database.remote('channelFiles').importCsv(csv, { now: 3, dryRun: false });
    expect((await database.remote('channels').all()).map((channel) => channel.keys[0]?.secret)).toEqual(['sk-very-secret-a', 'sk-very-secret-b']);
    await database.close();
    expect(bytesOnDisk()).not.toContain('very-secret');
  });

  it('are not touched again when nothing is to be done', async () => {
    await withChannels(first, 'a');
    const before = await query('SELECT * FROM channels');
    expect(await keysWith(first)).toEqual([key]);
    expect(await query('SELECT * FROM channels')).toEqual(before);
  });

  it('are sealed anew when the secret is replaced, after which the old one is worth nothing', async () => {
    await withChannels(first, 'a', 'b');
    const [before] = await query('SELECT api_key FROM channels');
    expect(await keysWith(second, first)).toEqual([key, key]);
    expect((await query('SELECT api_key FROM channels'))[0]).not.toEqual(before);
    expect(await keysWith(second)).toEqual([key, key]);
    await expect(open(first)).rejects.toThrow('sealed with another secret than CCLOAD_SECRET_KEY');
  });

  it('may be replaced twice the same way, and with keys that lie open in between', async () => {
    await withChannels(undefined, 'a');
    expect(await keysWith(second, first)).toEqual([key]);
    expect(await keysWith(second, first)).toEqual([key]);
    expect(await keysWith(first, second)).toEqual([key]);
  });
});

describe('a start is refused, and nothing is changed,', () => {
  const refused = async (sentence: string, ...secrets: readonly (string | undefined)[]): Promise<void> => {
    await query('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = readFileSync(path);
    await expect(open(...secrets)).rejects.toThrow(`The database ${path} ${sentence}`);
    expect(readFileSync(path).equals(before)).toBe(true);
  };

  beforeEach(() => withChannels(first, 'a', 'b'));

  it('with a wrong secret', () => refused('holds channel keys that were sealed with another secret than CCLOAD_SECRET_KEY. Nothing was changed.', second));

  it('with a passphrase that differs in one letter', () => refused('holds channel keys that were sealed with another secret', `${first}s`));

  it('with two wrong secrets', () =>
    refused('holds channel keys that were sealed with another secret than CCLOAD_SECRET_KEY and CCLOAD_SECRET_KEY_OLD.', second, '6'.repeat(64)));

  it('without the secret', () => refused('holds sealed channel keys: set CCLOAD_SECRET_KEY to the secret they were sealed with.'));

  it('when one key is damaged', async () => {
    await query(`UPDATE channels SET api_key = substr(api_key, 1, length(api_key) - 2) || 'zz' WHERE id = 2`);
    await refused('holds a damaged key: channel 2 cannot be opened with the secret that sealed it.', first);
  });

  it('when only one key of many was sealed with another secret', async () => {
    await query(`UPDATE channels SET api_key = 'sk-open' WHERE id = 1`);
    await refused('holds channel keys that were sealed with another secret', second);
    expect(await query('SELECT api_key FROM channels WHERE id = 1')).toEqual([{ api_key: 'sk-open' }]);
  });

  it('when the salt is gone', async () => {
    await query(`DELETE FROM settings WHERE "key" = 'key_salt'`);
    await refused('holds channel keys that were sealed with another secret', first);
  });

  it('and says nothing of the secrets', async () => {
    const message = await open(second, 'yet another passphrase').catch(String);
    expect(message).not.toContain('passphrase');
    expect(message).not.toContain('555');
  });
});

describe('without channels', () => {
  it('any secret is as good as another', async () => {
    await (await open(first)).close();
    await (await open(second)).close();
    await (await open()).close();
  });
});
