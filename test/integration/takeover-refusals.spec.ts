import { createHash } from 'node:crypto';
import { openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync, closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Database } from '../../src/database/database.js';
import { aChannel, aLogRow, killedAfter, manyLogRows, onFile, rowsOf, writeOriginal, type OriginalRows } from '../support/original-database.js';
import { temporaryFolder } from '../support/temporary-database.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'ccload.db');
});
afterEach(() => rm(folder, { recursive: true }));

const start = async (): Promise<void> => (await Database.inline({ path })).close();

/** Every file of the folder and what it holds; but not the memory that SQLite shares between readers, which is no part of the database. */
const fingerprints = (): readonly string[] =>
  readdirSync(folder).filter((file) => !file.endsWith('-shm')).map((file) => `${file} ${createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')}`);

const refusedUntouched = async (sentence: string | RegExp): Promise<void> => {
  const before = fingerprints();
  await expect(start()).rejects.toThrow(sentence);
  expect(fingerprints()).toEqual(before);
};

const someLog: OriginalRows = { channels: [aChannel], logs: [aLogRow], then: [manyLogRows(3_000, 1_758_960_000)] };
const withoutKey = 'CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT, url TEXT, models TEXT)';
const textId = 'CREATE TABLE channels (id TEXT PRIMARY KEY, name TEXT, api_key TEXT, url TEXT, models TEXT)';
const twoKeys = (table: string, columns: string): string => `CREATE TABLE ${table} (id INTEGER, ${columns}, PRIMARY KEY (id, name))`;

describe('a file that is almost one of the original ccLoad is refused, byte for byte as it was,', () => {
  it.each<readonly [string, OriginalRows, string]>([
    ['with channels and nothing else', { schema: { cooldowns: '', logs: '', rr: '' } }, "holds tables that are not ccLoad's; it was left untouched: set SQLITE_PATH to another file."],
    ['without channels', { schema: { channels: '' } }, "holds tables that are not ccLoad's; it was left untouched: set SQLITE_PATH to another file."],
    ['of a later version that keeps its keys elsewhere', { schema: { channels: withoutKey } }, 'looks like one of the original ccLoad, but its table channels has no api_key; it was left untouched: set SQLITE_PATH to another file, and bring its channels over as CSV.'],
    ['whose log has no status', { schema: { logs: 'CREATE TABLE logs (id INTEGER PRIMARY KEY, time TIMESTAMP)' } }, 'its table logs has no status_code'],
    ['of before the first public version', { schema: { cooldowns: 'CREATE TABLE cooldowns (config_id INTEGER, until TIMESTAMP)' } }, 'its table cooldowns has no channel_id'],
    ['whose ids are no numbers', { schema: { channels: textId } }, 'the id of its table channels is no integer primary key'],
    ['whose channels may have one id twice', { schema: { channels: twoKeys('channels', 'name TEXT, api_key TEXT, url TEXT, models TEXT, priority, enabled, created_at, updated_at') } }, 'the id of its table channels is no integer primary key'],
    ['whose log rows may have one id twice', { schema: { logs: twoKeys('logs', 'time TIMESTAMP, name TEXT, status_code INTEGER') } }, 'the id of its table logs is no integer primary key'],
    ['with tables that have our names', { then: ['CREATE TABLE sessions (id TEXT)', 'CREATE TABLE Settings (id TEXT)'] }, 'but also has what ccLoad needs the name of: table Settings, table sessions; it was left untouched: rename or remove that with sqlite3, then start again.'],
    ['with a table that only a later migration makes', { then: ['CREATE TABLE runs (id TEXT)'] }, 'needs the name of: table runs;'],
    ['with a view of our name', { then: ['CREATE VIEW sessions AS SELECT name FROM channels'] }, 'needs the name of: view sessions;'],
    ['with an index of our name on another table', { then: ['CREATE TABLE key_rr (idx)', 'CREATE INDEX Logs_Time ON key_rr (idx)'] }, 'needs the name of: index Logs_Time;'],
    ['with a table named as an index of ours', { then: ['CREATE TABLE logs_request (idx)'] }, 'needs the name of: table logs_request;'],
    ['with a view named as an index that only earlier versions had', { then: ['CREATE VIEW logs_model_time AS SELECT 1'] }, 'needs the name of: view logs_model_time;'],
    ['with pointers under a name in capitals', { schema: { rr: 'CREATE TABLE RR (key TEXT PRIMARY KEY, idx INTEGER)' } }, 'needs the name of: table RR;'],
    ['with a table that is in the way', { then: ['CREATE TABLE original_logs (id TEXT)'] }, 'needs the name of: table original_logs;'],
    ['with a view that is in the way', { then: ['CREATE VIEW original_rr AS SELECT 1'] }, 'needs the name of: view original_rr;'],
  ])('%s', async (_what, rows, sentence) => {
    await writeOriginal(path, rows);
    await refusedUntouched(sentence);
  });

  it('also when rows lie in its write-ahead log', async () => {
    await writeOriginal(path, { schema: { channels: withoutKey }, then: ['PRAGMA journal_mode = WAL'] });
    killedAfter(path, `INSERT INTO channels (name, url, models) VALUES ('a', 'b', 'c')`);
    await refusedUntouched('has no api_key');
    expect(await rowsOf(path, 'SELECT name FROM channels')).toEqual([{ name: 'a' }]);
  });
});

describe("a file with somebody else's migrations is refused, byte for byte as it was,", () => {
  const unknown = "holds tables that are not ccLoad's; it was left untouched: set SQLITE_PATH to another file.";
  const ourBook = 'CREATE TABLE migrations (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint NOT NULL, name varchar NOT NULL)';

  it.each<readonly [string, readonly string[], string]>([
    ['when they are none', ['CREATE TABLE invoices (id INTEGER)', ourBook], unknown],
    ['when they look different', ['CREATE TABLE migrations (version TEXT)', `INSERT INTO migrations VALUES ('1')`], unknown],
    ['when their table is a view', ['CREATE VIEW migrations AS SELECT 1 AS id, 2 AS timestamp, 3 AS name'], unknown],
    ['when there are no tables', ['CREATE VIEW one AS SELECT 1'], unknown],
    [
      'when they have other names',
      ['CREATE TABLE invoices (id INTEGER)', ourBook, `INSERT INTO migrations (timestamp, name) VALUES (1, 'Invoices1')`],
      'was changed by a newer ccLoad or another program (Invoices1); it was left untouched: start that version, put a backup of before it in its place, or name another database in SQLITE_PATH or DATABASE_URL.',
    ],
  ])('%s', async (_what, statements, sentence) => {
    await onFile(path, ...statements);
    await refusedUntouched(sentence);
  });

  it('also beside the tables of the original', async () => {
    await writeOriginal(path, { channels: [aChannel], then: [ourBook] });
    await refusedUntouched('also has what ccLoad needs the name of: table migrations;');
  });

  it('but not when a first start ended right after it had made that table', async () => {
    await onFile(path, ourBook);
    await start();
    expect(await rowsOf(path, 'SELECT COUNT(*) AS channels FROM channels')).toEqual([{ channels: 0 }]);
  });
});

describe('an unknown file that a program left in the middle of a change is refused, byte for byte as it was, journal included:', () => {
  const fill = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO invoices SELECT i, printf('%0200d', i) FROM n`;
  const change = `BEGIN; UPDATE invoices SET text = printf('%0300d', id);`;
  const invoices = 'CREATE TABLE invoices (id INTEGER, text TEXT)';

  it.each<readonly [string, readonly string[], string, string]>([
    ["somebody else's", [invoices, fill], change, "holds tables that are not ccLoad's; it was left untouched"],
    ['of a later version', [withoutKey, invoices, fill, 'CREATE TABLE rr (key TEXT PRIMARY KEY, idx INTEGER)'], change, 'has no api_key; it was left untouched'],
  ])('%s', async (_what, statements, cutOff, sentence) => {
    await onFile(path, ...statements);
    killedAfter(path, cutOff);
    expect(readdirSync(folder)).toContain('ccload.db-journal');
    await refusedUntouched(sentence);
  });
});

describe('a damaged file is refused, byte for byte as it was, with a sentence that says what to do:', () => {
  const overwrite = (from: number, bytes: number): void => {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, from);
    closeSync(file);
  };

  it.each<readonly [string, (size: number) => void]>([
    ['a page of the log', (size) => overwrite(Math.floor(size / 2 / 4096) * 4096, 4096)],
    ['the last pages missing', (size) => truncateSync(path, size - 3 * 4096)],
    ['half a page missing', (size) => truncateSync(path, size - 2048)],
    ['the table of contents', () => overwrite(200, 3_500)],
  ])('%s', async (_what, damage) => {
    await writeOriginal(path, someLog);
    damage(statSync(path).size);
    await refusedUntouched(/^The database .*ccload\.db is damaged.*: put a backup in its place, or rescue what can be read with "sqlite3 FILE \.recover \| sqlite3 RESCUED"\.$/);
  });
});

describe('an original that', () => {
  it('was ended in the middle of a change is taken over as it was before it', async () => {
    await writeOriginal(path, someLog);
    killedAfter(path, `BEGIN; UPDATE logs SET message = printf('%0500d', id); DELETE FROM channels;`);
    expect(readdirSync(folder)).toContain('ccload.db-journal');
    await start();
    expect(await rowsOf(path, 'SELECT name FROM channels')).toEqual([{ name: 'main' }]);
    expect(await rowsOf(path, 'SELECT COUNT(*) AS rows, MAX(length(message)) AS longest FROM logs')).toEqual([{ rows: 3_001, longest: 19 }]);
  });

  it.each(['WAL', 'DELETE'])('still runs is refused, and nothing is changed (%s)', async (journal) => {
    await writeOriginal(path, { ...someLog, then: [`PRAGMA journal_mode = ${journal}`] });
    const other = await new DataSource({ type: 'better-sqlite3', database: path }).initialize();
    await other.query('BEGIN');
    await other.query('SELECT COUNT(*) FROM logs');
    await expect(start()).rejects.toThrow(`The database ${path} is open in another program: stop the original ccLoad, then start again. Nothing was changed.`);
    expect(await other.query('SELECT name FROM channels')).toEqual([{ name: 'main' }]);
    await other.destroy();
    expect(readdirSync(folder).filter((file) => file.includes('before'))).toEqual([]);
  });
});
