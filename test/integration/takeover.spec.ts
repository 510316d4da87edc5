import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { programVersion } from '../../src/config/program-version.js';
import { Database, type DatabaseOptions } from '../../src/database/database.js';
import { aChannel, aLogRow, killedAfter, manyLogRows, onFile, originalIndexes, rowsOf, writeOriginal, type OriginalRows } from '../support/original-database.js';
import { temporaryFolder } from '../support/temporary-database.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'ccload.db');
});
afterEach(() => rm(folder, { recursive: true }));

const at = (iso: string): number => Date.parse(iso);
const backup = (): string => `${path}.before-${programVersion()}`;

/** Writes the file, starts on it once, and returns what was told. */
const takenOver = async (rows: OriginalRows, options: Partial<DatabaseOptions> = {}): Promise<readonly string[]> => {
  await writeOriginal(path, rows);
  return started(options);
};

const started = async (options: Partial<DatabaseOptions> = {}): Promise<readonly string[]> => {
  const told: string[] = [];
  const database = await Database.inline({ path, tell: ({ sentence }) => told.push(sentence), ...options });
  await database.close();
  return told;
};

describe('a file of the original ccLoad', () => {
  it('opens in place with every channel, cooldown, pointer and log row', async () => {
    const cooldown = { channel_id: 1, until: '2025-09-27 16:30:00.25 +0800 CST m=+600.1', duration_ms: 60_000 };
    const told = await takenOver({ channels: [aChannel], cooldowns: [cooldown], logs: [aLogRow], rr: [{ key: 'claude-sonnet-4-5|10', idx: 2 }] });

    expect(await rowsOf(path, 'SELECT * FROM channels')).toEqual([
      { ...aChannel, id: 1, created_at: at('2025-09-27T08:19:02.123Z'), updated_at: at('2025-09-28T01:02:03Z') },
    ]);
    const until = at('2025-09-27T08:30:00.250Z');
    expect(await rowsOf(path, 'SELECT * FROM cooldowns')).toEqual([
      { channel_id: 1, until, duration_ms: 60_000, reason: 'a failure before the takeover', since: until - 60_000 },
    ]);
    expect(await rowsOf(path, 'SELECT * FROM rr')).toEqual([{ model: 'claude-sonnet-4-5', priority: 10, next_index: 2 }]);
    expect(await rowsOf(path, 'SELECT id, time, attempt, final, model, channel_id, channel_name, status_code, message, duration, is_streaming, first_byte_time FROM logs')).toEqual([
      { ...aLogRow, id: 1, time: at('2025-09-27T08:20:00.500Z'), attempt: 1, final: 1, channel_name: 'main' },
    ]);
    expect(told.at(-1)).toBe('Taken over: 1 channel, 1 cooldown, 1 round-robin pointer, 1 log row.');
  });

  it('is copied aside first, readable by its owner only', async () => {
    await takenOver({ channels: [aChannel], logs: [aLogRow], then: originalIndexes });
    expect(await rowsOf(backup(), 'SELECT time FROM logs')).toEqual([{ time: aLogRow.time }]);
    expect(await rowsOf(backup(), `SELECT count(*) AS indexes FROM sqlite_master WHERE name LIKE 'idx_%'`)).toEqual([{ indexes: 3 }]);
    if (process.platform !== 'win32') expect(statSync(backup()).mode & 0o777).toBe(0o600);
  });

  it('is left alone by the second start', async () => {
    await takenOver({ channels: [aChannel], logs: [aLogRow] });
    const before = [readFileSync(path), readFileSync(backup())];
    const all = readdirSync(folder);
    expect(await started()).toEqual([]);
    expect(readFileSync(path).equals(before[0] ?? Buffer.alloc(0))).toBe(true);
    expect(readFileSync(backup()).equals(before[1] ?? Buffer.alloc(0))).toBe(true);
    expect(readdirSync(folder)).toEqual(all);
  });

  it('has the tables that a new file has', async () => {
    await takenOver({ channels: [aChannel], then: originalIndexes });
    const schema = `SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name`;
    const fresh = join(folder, 'fresh.db');
    await (await Database.inline({ path: fresh })).close();
    expect(await rowsOf(path, schema)).toEqual(await rowsOf(fresh, schema));
    expect(await rowsOf(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it.each([
    ['the columns that came later', { logs: 'CREATE TABLE logs (id INTEGER PRIMARY KEY, time TIMESTAMP, status_code INTEGER)' }],
    ['AUTOINCREMENT', { channels: 'CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT, api_key TEXT, url TEXT, models TEXT)' }],
    ['cooldowns and pointers', { cooldowns: '', rr: '' }],
    ['a log', { logs: '' }],
    ['small letters in the names of columns', { rr: 'CREATE TABLE rr (KEY TEXT PRIMARY KEY, IDX INTEGER)', logs: 'CREATE TABLE logs (ID INTEGER PRIMARY KEY, TIME TIMESTAMP, Status_Code INT)' }],
  ])('may be without %s', async (_what, schema) => {
    const { name, api_key, url, models } = aChannel;
    const log = 'logs' in schema && schema.logs === '' ? [] : [{ time: aLogRow.time, status_code: 200 }];
    await takenOver({ schema, channels: [{ id: 1, name, api_key, url, models, ...('channels' in schema ? {} : aChannel) }], logs: log });
    expect(await rowsOf(path, 'SELECT name, enabled FROM channels')).toEqual([{ name: 'main', enabled: 1 }]);
    expect(await rowsOf(path, 'SELECT status_code, model, channel_id, duration, is_streaming, message, attempt FROM logs')).toEqual(
      log.map(() => ({ status_code: 200, model: '', channel_id: null, duration: 0, is_streaming: 0, message: '', attempt: 0 })),
    );
  });
});

describe('channels', () => {
  it('with the same name get others, and the start says which', async () => {
    const told = await takenOver({ channels: ['a', 'a', 'A', 'a2', ''].map((name) => ({ ...aChannel, name })) });
    expect((await rowsOf(path, 'SELECT name FROM channels ORDER BY id')).map(({ name }) => name)).toEqual(['a', 'a2-2', 'A', 'a2', 'channel 5']);
    expect(told).toContain('Names that were taken or blank: channel 2 is now "a2-2", channel 5 is now "channel 5".');
  });

  it('that cannot be used are kept for an operator to mend', async () => {
    const odd = { ...aChannel, url: 'api.example.com', priority: -5, enabled: 0 };
    const told = await takenOver({ channels: [{ ...odd, models: 'm1, m2', created_at: 'yesterday' }] });
    expect(await rowsOf(path, 'SELECT * FROM channels')).toEqual([
      { ...odd, id: 1, models: '["m1","m2"]', created_at: at('2025-09-28T01:02:03Z'), updated_at: at('2025-09-28T01:02:03Z') },
    ]);
    expect(told.at(-1)).toBe('Not as it was: 1 channel had a list of models that was no JSON array; look at it; 1 channel had a time that cannot be read.');
  });

  it('keep their ids, and a new one gets an id that neither channels nor log rows ever had', async () => {
    await takenOver({
      channels: [{ ...aChannel, id: 3 }, { ...aChannel, id: 40, name: 'gone' }],
      logs: [{ ...aLogRow, channel_id: 41 }, { ...aLogRow, channel_id: 9_000_000_000 }],
      then: ['DELETE FROM channels WHERE id = 40'],
    });
    const database = await Database.inline({ path });
    const draft = { name: 'new', apiKey: 'k', url: 'https://a.example', models: ['m'], priority: 0, enabled: true };
    expect(await database.remote('channels').insert(draft, 1)).toMatchObject({ id: 42 });
    await database.close();
  });

  it('with an id that nobody would look for are refused, and nothing is changed', async () => {
    await writeOriginal(path, { channels: [{ ...aChannel, id: 0 }] });
    await expect(started()).rejects.toThrow('A channel has the id 0, but ids begin with 1');
    expect(await rowsOf(path, 'SELECT id, name FROM channels')).toEqual([{ id: 0, name: 'main' }]);
  });
});

describe('ids that no number of ours can hold', () => {
  it.each<readonly [string, OriginalRows]>([
    ['of a log row', { channels: [aChannel], logs: [aLogRow], then: ['UPDATE logs SET id = 9007199254740993'] }],
    ['of a log row, below 0', { channels: [aChannel], logs: [aLogRow], then: ['UPDATE logs SET id = -9007199254740993'] }],
    ['of a channel', { channels: [aChannel], then: ['UPDATE channels SET id = 9007199254740993'] }],
  ])('are refused, and nothing is changed: %s', async (_what, rows) => {
    await writeOriginal(path, rows);
    await expect(started()).rejects.toThrow(/^A (channel|log row) has the id -?9007199254740993, .*: give it another one with sqlite3, then start again\. Nothing was changed\.$/);
    expect(await rowsOf(path, 'SELECT name, typeof(updated_at) AS time FROM channels')).toEqual([{ name: 'main', time: 'text' }]);
  }, 10_000);
});

describe('cooldowns and pointers', () => {
  it('are kept when they are over or cannot be read; those of no channel are left out and counted', async () => {
    const told = await takenOver({
      channels: [1, 2, 3, 4].map((id) => ({ ...aChannel, id, name: `c${id}` })),
      cooldowns: [
        { channel_id: 1, until: 1_758_960_000, duration_ms: 0 },
        { channel_id: 2, until: 'some day', duration_ms: 7_000 },
        { channel_id: 3, until: '2025-09-27T08:00:00Z', duration_ms: 86_400_000 },
        { channel_id: 9, until: aLogRow.time, duration_ms: 1_000 },
      ],
    });
    const rows = await rowsOf(path, 'SELECT channel_id, duration_ms, until - since AS length FROM cooldowns');
    expect(rows).toEqual([
      { channel_id: 1, duration_ms: 1_000, length: 1_000 },
      { channel_id: 2, duration_ms: 7_000, length: 7_000 },
      { channel_id: 3, duration_ms: 1_800_000, length: 1_800_000 },
    ]);
    expect(told.at(-1)).toBe(
      'Not as it was: 1 cooldown had a time that cannot be read and counts as over; 1 cooldown belonged to no channel and was left out.',
    );
  });

  it('point where they pointed, whatever their model is called', async () => {
    const keys = ['m|10', 'a|b|-1', 'no priority', 'm|high', 'm|0'];
    const told = await takenOver({ channels: [aChannel], rr: keys.map((key, index) => ({ key, idx: index - 1 })) });
    expect(await rowsOf(path, 'SELECT * FROM rr ORDER BY next_index, priority')).toEqual([
      { model: 'a|b', priority: -1, next_index: 0 },
      { model: 'm', priority: 10, next_index: 0 },
      { model: 'm', priority: 0, next_index: 3 },
    ]);
    expect(told.at(-1)).toBe('Not as it was: 2 round-robin pointers named no model and priority and were left out.');
  });
});

describe('rows that repeat, in tables without a primary key,', () => {
  const keyless = { cooldowns: 'CREATE TABLE cooldowns (channel_id, until TIMESTAMP, duration_ms INTEGER)', rr: 'CREATE TABLE rr (key TEXT, idx INTEGER)' };

  it('become one cooldown, the one that lasts longest, and are counted', async () => {
    const told = await takenOver({
      schema: keyless,
      channels: [1, 2].map((id) => ({ ...aChannel, id, name: `c${id}` })),
      cooldowns: [
        { channel_id: 1, until: '2025-09-27T08:00:00Z', duration_ms: 1_000 },
        { channel_id: '1', until: '2025-09-27T09:00:00Z', duration_ms: 2_000 },
        { channel_id: 1, until: '2025-09-27T08:30:00Z', duration_ms: 3_000 },
        { channel_id: 2, until: '2025-09-27T08:00:00Z', duration_ms: 4_000 },
        { channel_id: 2, until: 'some day', duration_ms: 5_000 },
        { channel_id: 9, until: 'some day', duration_ms: 6_000 },
        { channel_id: 9, until: 'some day', duration_ms: 6_000 },
      ],
    });
    expect(await rowsOf(path, 'SELECT channel_id, until, duration_ms FROM cooldowns')).toEqual([
      { channel_id: 1, until: at('2025-09-27T09:00:00Z'), duration_ms: 2_000 },
      { channel_id: 2, until: at('2025-09-27T08:00:00Z'), duration_ms: 4_000 },
    ]);
    expect(told.slice(-2)).toEqual([
      'Taken over: 2 channels, 2 cooldowns, 0 round-robin pointers, 0 log rows.',
      'Not as it was: 3 cooldowns were a second one of their channel, and the longest was kept; 2 cooldowns belonged to no channel and were left out.',
    ]);
  });

  it('become one pointer, the last, and are counted', async () => {
    const rr = [{ key: 'm|1', idx: 3 }, { key: 'm|2', idx: 4 }, { key: 'm|1', idx: 5 }, { key: 'm|1', idx: 1 }, { key: null, idx: 1 }];
    const told = await takenOver({ schema: keyless, channels: [aChannel], rr });
    expect(await rowsOf(path, 'SELECT * FROM rr ORDER BY priority')).toEqual([
      { model: 'm', priority: 1, next_index: 1 },
      { model: 'm', priority: 2, next_index: 4 },
    ]);
    expect(told.slice(-2)).toEqual([
      'Taken over: 1 channel, 0 cooldowns, 2 round-robin pointers, 0 log rows.',
      'Not as it was: 1 round-robin pointer named no model and priority and was left out; ' +
        '2 round-robin pointers had the key of a later one and were left out.',
    ]);
  });
});

describe('log rows', () => {
  it('of deleted channels, without a model, and with odd values are kept', async () => {
    const bare = { time: 1_758_960_000, model: null, channel_id: null, status_code: 503, message: null, duration: null, is_streaming: 0, first_byte_time: null };
    await takenOver({
      channels: [aChannel],
      logs: [{ ...aLogRow, channel_id: 99 }, bare, { ...bare, channel_id: 0, message: 'é'.repeat(600), duration: -1, is_streaming: 'true' }],
    });
    const rows = await rowsOf(path, 'SELECT channel_id, channel_name, model, length(message) AS chars, duration, is_streaming, attempt, final FROM logs ORDER BY id');
    expect(rows).toEqual([
      { channel_id: 99, channel_name: null, model: 'claude-sonnet-4-5', chars: 2, duration: 1.25, is_streaming: 1, attempt: 1, final: 1 },
      { channel_id: null, channel_name: null, model: '', chars: 0, duration: 0, is_streaming: 0, attempt: 0, final: 1 },
      { channel_id: null, channel_name: null, model: '', chars: 512, duration: 0, is_streaming: 1, attempt: 0, final: 1 },
    ]);
  });

  it('with a time that cannot be read get that of the row before, and the first ones that of the next', async () => {
    const told = await takenOver({ logs: ['?', aLogRow.time, 'never', '', 1_758_960_000].map((time) => ({ ...aLogRow, time })) });
    const readable = at('2025-09-27T08:20:00.500Z');
    expect((await rowsOf(path, 'SELECT time FROM logs ORDER BY id')).map(({ time }) => time)).toEqual([readable, readable, readable, readable, 1_758_960_000_000]);
    expect(told.at(-1)).toBe('Not as it was: 3 log rows have times that cannot be read and got those of the rows before.');
  });

  it('each are a request of their own, found by an id that says when it was', async () => {
    await takenOver({ channels: [aChannel], logs: [aLogRow, aLogRow, { ...aLogRow, time: '0001-01-01 00:00:00 +0000 UTC' }] });
    const ids = (await rowsOf(path, 'SELECT request_id FROM logs ORDER BY id')).map(({ request_id }) => String(request_id));
    expect(ids.map((id) => id.slice(14))).toEqual(['7000-8000-000000000001', '7000-8000-000000000002', '7000-8000-000000000003']);
    expect(Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16)).toBe(at('2025-09-27T08:20:00.500Z'));
    const database = await Database.inline({ path });
    const page = await database.remote('logs').page({ since: 0, limit: 10, offset: 0, requestId: ids[1] });
    await database.close();
    expect(page).toMatchObject({ count: 1, rows: [{ id: 2, requestId: ids[1] }] });
  });

  it('are in the lists, their counts and the statistics, before and after they are rolled up', async () => {
    const now = Date.now();
    await takenOver({ channels: ['a', 'b', 'c'].map((name) => ({ ...aChannel, name })), then: [manyLogRows(12_000, Math.floor(now / 1_000))] });
    const database = await Database.inline({ path });
    const since = now - 7 * 86_400_000;
    const summary = { totalRequests: 12_000, successRequests: 10_800, errorRequests: 1_200 };
    expect(await database.remote('stats').summary(since, now)).toMatchObject(summary);
    const page = await database.remote('logs').page({ since, limit: 10, offset: 0, channelName: 'b', status: '5xx' });
    expect([page.count, page.rows.length]).toEqual([400, 10]);
    while ((await database.remote('trends').rollUp(2_000)).rows > 0);
    expect(await database.remote('stats').summary(since, now)).toMatchObject(summary);
    await database.close();
  });
});

describe('what else is in the file', () => {
  const later = [
    'ALTER TABLE channels ADD COLUMN model_redirects TEXT',
    'CREATE TABLE key_rr (channel_id INTEGER PRIMARY KEY, idx INTEGER, FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE)',
    'INSERT INTO key_rr VALUES (1, 5)',
    'CREATE VIEW names AS SELECT name FROM channels',
    'CREATE TRIGGER noted AFTER DELETE ON channels BEGIN DELETE FROM key_rr; END',
    'CREATE INDEX logs_time ON logs (time)',
    'CREATE INDEX original_channels ON logs (model)',
    'CREATE TRIGGER sessions AFTER DELETE ON channels BEGIN DELETE FROM key_rr; END',
  ];

  it('of later versions stays where it is when it is a table, and only in the copy when it is a column', async () => {
    const told = await takenOver({ channels: [aChannel], then: later });
    expect(told.slice(3)).toEqual(['Tables that are not known stay as they are: key_rr.', 'Columns that are not known are only in the copy: channels.model_redirects.']);
    expect(await rowsOf(path, 'SELECT * FROM key_rr')).toEqual([{ channel_id: 1, idx: 5 }]);
    expect(await rowsOf(path, 'SELECT * FROM names')).toEqual([{ name: 'main' }]);
    const database = await Database.inline({ path });
    expect(await database.remote('channels').delete(1)).toBe(true);
    await database.close();
    expect(await rowsOf(path, 'SELECT * FROM key_rr')).toEqual([]);
  });
});

describe('channel keys', () => {
  const secrets = { current: 'a long enough passphrase', previous: undefined };

  const bytesOf = (file: string): string => readFileSync(file, 'latin1');

  it('are sealed at once when there is a secret, leave no trace in the database, and the start warns of the copy', async () => {
    const former = Array.from({ length: 200 }, (_, index) => ({ ...aChannel, name: `former ${index}`, api_key: `sk-former-${index}` }));
    await writeOriginal(path, { channels: [aChannel, ...former], then: ['DELETE FROM channels WHERE id > 1'] });
    expect(bytesOf(path).includes('sk-former-')).toBe(true);
    const told = await started({ secrets });
    expect(told).toContain(`${backup()} holds the channel keys in clear: put it in a safe place, or delete it once all is well.`);
    const inClear = readdirSync(folder).filter((file) => /sk-(former|original)-/.test(bytesOf(join(folder, file))));
    expect(inClear.map((file) => join(folder, file))).toEqual([backup()]);
    const database = await Database.inline({ path, secrets });
    expect((await database.remote('channels').all())[0]?.keys).toEqual([{ id: 1, secret: aChannel.api_key }]);
    await database.close();
  });
});

describe('the copy', () => {
  it('holds what lay in the write-ahead log, and so does the database', async () => {
    await writeOriginal(path, { channels: [aChannel], then: ['PRAGMA journal_mode = WAL'] });
    killedAfter(path, `INSERT INTO channels (name, api_key, url, models, created_at, updated_at) VALUES ('written last', 'k', 'u', '[]', 1, 1)`);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    await started();
    expect(await rowsOf(backup(), 'SELECT name FROM channels')).toEqual([{ name: 'main' }, { name: 'written last' }]);
    expect(await rowsOf(path, 'SELECT name FROM channels')).toEqual([{ name: 'main' }, { name: 'written last' }]);
  });

  it('never overwrites another', async () => {
    await writeOriginal(path, { channels: [aChannel] });
    await onFile(backup(), 'CREATE TABLE precious (thing TEXT)');
    await writeOriginal(`${backup()}-2`, { channels: [aChannel, { ...aChannel, name: 'another' }] });
    const before = [readFileSync(backup()), readFileSync(`${backup()}-2`)];
    await started();
    expect([readFileSync(backup()), readFileSync(`${backup()}-2`)]).toEqual(before);
    expect(await rowsOf(`${backup()}-3`, 'SELECT name FROM channels')).toEqual([{ name: 'main' }]);
  });

  it('is not one that holds other rows in a table that is not known', async () => {
    await writeOriginal(path, { channels: [aChannel], then: ['CREATE TABLE "key ""rr" (idx INTEGER)'] });
    await onFile(path, `VACUUM INTO '${backup()}'`, 'INSERT INTO "key ""rr" VALUES (5)');
    await started();
    expect(await rowsOf(backup(), 'SELECT idx FROM "key ""rr"')).toEqual([]);
    expect(await rowsOf(`${backup()}-2`, 'SELECT idx FROM "key ""rr"')).toEqual([{ idx: 5 }]);
  });

  it('is not one that lacks a table', async () => {
    await writeOriginal(path, { channels: [aChannel] });
    await onFile(path, `VACUUM INTO '${backup()}'`, 'CREATE TABLE key_rr (idx INTEGER)');
    await started();
    expect(await rowsOf(`${backup()}-2`, 'SELECT idx FROM key_rr')).toEqual([]);
  });

  it('is the one of an earlier start when that was interrupted after it', async () => {
    await writeOriginal(path, { channels: [aChannel], logs: [aLogRow] });
    await onFile(path, `VACUUM INTO '${backup()}'`);
    const before = readFileSync(backup());
    await started();
    expect(readFileSync(backup()).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((file) => file.includes('before'))).toHaveLength(1);
  });
});
