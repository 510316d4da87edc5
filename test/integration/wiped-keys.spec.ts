import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { Database } from '../../src/database/database.js';
import { withFile } from '../support/temporary-database.js';

const bytesBeside = (path: string): string =>
  readdirSync(dirname(path)).map((file) => readFileSync(join(dirname(path), file), 'latin1')).join('');

const addChannel = async (database: Database, name: string, apiKey: string): Promise<void> => {
  await database.remote('channels').insert({ name, apiKey, url: 'https://a.example', models: ['m'], priority: 0, enabled: true }, 1);
};

describe('a key leaves the disk while the gateway runs, also without a secret to seal it,', () => {
  it('when it is replaced', () =>
    withFile(async (database, path) => {
      await addChannel(database, 'a', 'sk-the-one-before');
      expect(bytesBeside(path)).toContain('sk-the-one-before');
      await database.remote('channels').update(1, { apiKey: 'sk-the-one-after' }, { now: 2 });
      expect(bytesBeside(path)).not.toContain('sk-the-one-before');
      expect(bytesBeside(path)).toContain('sk-the-one-after');
    }));

  it('when its channel is deleted', () =>
    withFile(async (database, path) => {
      await addChannel(database, 'a', 'sk-to-be-deleted');
      await database.remote('channels').delete(1);
      expect(bytesBeside(path)).not.toContain('sk-to-be-deleted');
    }));

  it('when so many are deleted that whole pages become free', () =>
    withFile(async (database, path) => {
      for (let index = 0; index < 60; index += 1) await addChannel(database, `c${index}`, `sk-one-of-many-${'x'.repeat(400)}-${index}`);
      for (let id = 1; id <= 60; id += 1) await database.remote('channels').delete(id);
      expect(bytesBeside(path)).not.toContain('sk-one-of-many');
    }));

  it('when a file brings another', () =>
    withFile(async (database, path) => {
      await addChannel(database, 'a', 'sk-the-one-before');
      const csv = Buffer.from('name,key,url,models\na,sk-from-a-file,https://a.example,m\n');
      await database.remote('channelFiles').importCsv(csv, { now: 2, dryRun: false });
      expect(bytesBeside(path)).not.toContain('sk-the-one-before');
    }));

  it('or never gets there, when a file was only tried', () =>
    withFile(async (database, path) => {
      const rows = Array.from({ length: 8_000 }, (_, index) => `n${index},sk-only-tried-${'x'.repeat(600)},https://a.example,m`);
      await database.remote('channelFiles').importCsv(Buffer.from(['name,key,url,models', ...rows].join('\n')), { now: 2, dryRun: true });
      expect(bytesBeside(path)).not.toContain('sk-only-tried');
    }));
});

describe('a reader that looks at the old state', () => {
  it('is not waited for, and the key is gone with the next change after it', () =>
    withFile(async (database, path) => {
      await addChannel(database, 'a', 'sk-still-looked-at');
      const reader = new DataSource({ type: 'better-sqlite3', database: path, readonly: true });
      await reader.initialize();
      await reader.query('BEGIN');
      await reader.query('SELECT * FROM channels');
      await database.remote('channels').delete(1);
      expect(bytesBeside(path)).toContain('sk-still-looked-at');
      await reader.query('COMMIT');
      await addChannel(database, 'b', 'sk-b');
      await database.remote('channels').delete(2);
      expect(bytesBeside(path)).not.toContain('sk-still-looked-at');
      await reader.destroy();
    }));
});

describe('a new database', () => {
  it('is for its owner only, journal included', () =>
    withFile(async (_database, path) => {
      const modes = ['', '-wal', '-shm'].map((suffix) => statSync(`${path}${suffix}`).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600]);
    }));
});
