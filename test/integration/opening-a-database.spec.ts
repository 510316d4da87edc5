import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { temporaryFolder } from '../support/temporary-database.js';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** A file made with plain SQL, as another program might have left it. */
const sqliteFileWith = async (path: string, ...statements: readonly string[]): Promise<void> => {
  const writer = new DataSource({ type: 'better-sqlite3', database: path });
  await writer.initialize();
  for (const statement of statements) await writer.query(statement);
  await writer.destroy();
};

describe('opening a database', () => {
  it('makes the folder and the file', async () => {
    const path = join(folder, 'a', 'b', 'ccload.db');
    const database = await Database.inline({ path });
    await database.close();
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('finds again what was stored before it was closed', async () => {
    const path = join(folder, 'ccload.db');
    const first = await Database.inline({ path });
    await first.remote('settings').valueOrInsert('k', 'v');
    await first.close();
    const second = await Database.inline({ path });
    expect(await second.remote('settings').valueOrInsert('k', 'other')).toBe('v');
    await second.close();
  });

  it('leaves nothing for the command line to generate: entities and migrations describe the same tables', async () => {
    const path = join(folder, 'ccload.db');
    await (await Database.inline({ path })).close();
    const dataSource = new DataSource(dataSourceOptions(path));
    await dataSource.initialize();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can take its tables back again', async () => {
    const dataSource = new DataSource(dataSourceOptions(join(folder, 'ccload.db')));
    await dataSource.initialize();
    await dataSource.runMigrations();
    for (let left = dataSource.migrations.length; left > 0; left -= 1) await dataSource.undoLastMigration();
    expect(await dataSource.query(`SELECT name FROM sqlite_master WHERE name IN ('channels', 'logs')`)).toEqual([]);
    await dataSource.destroy();
  });

  it('refuses a folder that cannot be made, and names it', async () => {
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'ccload.db');
    await expect(Database.inline({ path })).rejects.toThrow(`The folder of the database, ${join(folder, 'file')}, cannot be made`);
  });

  it('refuses a path that is a folder', async () => {
    const path = join(folder, 'ccload.db');
    await mkdir(path);
    await expect(Database.inline({ path })).rejects.toThrow(`The database ${path} is not a file.`);
  });

  it('refuses a file that is not a database and leaves it as it was', async () => {
    const path = join(folder, 'ccload.db');
    await writeFile(path, 'not a database, but long enough to have a header of its own'.repeat(20));
    const before = await readFile(path);
    await expect(Database.inline({ path })).rejects.toThrow(`The database ${path} is not an SQLite database`);
    expect(await readFile(path)).toEqual(before);
  });

  it("refuses another program's database and leaves it as it was", async () => {
    const path = join(folder, 'ccload.db');
    await sqliteFileWith(path, 'CREATE TABLE invoices (id INTEGER)');
    const before = await readFile(path);
    await expect(Database.inline({ path })).rejects.toThrow(/tables that are not ccLoad's/);
    expect(await readFile(path)).toEqual(before);
  });

  it('refuses a database of a newer ccLoad and leaves it as it was', async () => {
    const path = join(folder, 'ccload.db');
    await (await Database.inline({ path })).close();
    await sqliteFileWith(path, `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
    const before = await readFile(path);
    await expect(Database.inline({ path })).rejects.toThrow(/newer ccLoad.*Later9999999999999/);
    expect(await readFile(path)).toEqual(before);
  });

  it('says which file a migration failed for, and leaves no half of it behind', async () => {
    const path = join(folder, 'ccload.db');
    await sqliteFileWith(
      path,
      'CREATE TABLE migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp bigint NOT NULL, name varchar NOT NULL)',
      `INSERT INTO migrations (timestamp, name) VALUES (1795381863000, 'InitialSchema1795381863000')`,
      'CREATE TABLE minute_trends (id INTEGER)',
      'CREATE TABLE hourly_trends (id INTEGER)',
    );
    await expect(Database.inline({ path })).rejects.toThrow(`The database ${path} cannot be used: `);
    const reader = new DataSource({ type: 'better-sqlite3', database: path });
    await reader.initialize();
    expect(await reader.query(`SELECT name FROM sqlite_master WHERE name = 'audit'`)).toEqual([]);
    await reader.destroy();
  });
});

describe('a remote', () => {
  it('has the methods of its repository and no others', async () => {
    const database = await Database.inline({ path: ':memory:' });
    expect(Object.keys(database.remote('cooldowns'))).toEqual(['all', 'apply']);
    await database.close();
  });

  it('rejects calls once the database is closed', async () => {
    const database = await Database.inline({ path: ':memory:' });
    await database.close();
    await database.close();
    expect(database.isUp).toBe(false);
    await expect(database.remote('channels').all()).rejects.toThrow('the database is closed');
  });

  it('ends the calls made before it was closed', async () => {
    const database = await Database.inline({ path: ':memory:' });
    const calls = ['a', 'b', 'c'].map((key) => database.remote('settings').valueOrInsert(key, key));
    await database.close();
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
  });
});
