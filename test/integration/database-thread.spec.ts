import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attemptRecord } from '../support/attempt-record.js';
import { temporaryFolder } from '../support/temporary-database.js';
import type * as fromSource from '../../src/database/database.js';

// A worker loads JavaScript from disk, so these tests use the built program; `npm test` builds it first.
const built = fileURLToPath(new URL('../../dist/src/database/database.js', import.meta.url));
const { Database }: typeof fromSource = await import(built);

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

/** Of every thread of this process, in the order they were made (proc_pid_stat(5), field 19). */
const nicenessOfThreads = (): readonly number[] =>
  readdirSync('/proc/self/task').map((id) => {
    const fields = readFileSync(`/proc/self/task/${id}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
    return Number(fields[19 - 3]);
  });

(process.platform === 'linux' ? describe : describe.skip)('threads that share a core', () => {
  it('let the one that relays go first, then the one that writes', async () => {
    const own = getPriority();
    const before = nicenessOfThreads();
    const database = await Database.open({ path: join(folder, 'ccload.db') });
    await database.remote('logs').page({ since: 0, limit: 1, offset: 0 });
    const added = nicenessOfThreads().map((niceness) => niceness - own);
    await database.close();
    expect(before.map((niceness) => niceness - own)).not.toContain(5);
    expect(added).toEqual(expect.arrayContaining([0, 5, 10]));
    expect(getPriority()).toBe(own);
  });
});

describe('the database thread', () => {
  it('carries values there and back', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db') });
    const record = attemptRecord({ trace: [{ channelId: 1, channelName: 'a', note: 'tried first' }] });
    await database.remote('logs').append([record]);
    const page = await database.remote('logs').page({ since: 0, limit: 10, offset: 0, status: '2xx' });
    await database.close();
    expect(page).toEqual({ rows: [{ ...record, id: 1 }], count: 1 });
  });

  it('rejects what fails with a sentence and serves the next call', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db') });
    const failing = database.remote('logs').append([attemptRecord({ durationMs: Number.NaN })]);
    await expect(failing).rejects.toThrow('The database could not do logs.append: ');
    expect(await database.remote('channels').all()).toEqual([]);
    expect(database.isUp).toBe(true);
    await database.close();
  });

  it('runs calls in the order they were made, each as one step', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db') });
    const settings = database.remote('settings');
    const values = await Promise.all(['a', 'b', 'c', 'd'].map((candidate) => settings.valueOrInsert('k', candidate)));
    await database.close();
    expect(values).toEqual(['a', 'a', 'a', 'a']);
  });

  it('rejects a call when too many are waiting, and keeps those that wait', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db'), pendingCallsMax: 3 });
    const calls = Array.from({ length: 5 }, () => database.remote('channels').all());
    const outcomes = await Promise.allSettled(calls);
    await database.close();
    expect(outcomes.map((outcome) => ('reason' in outcome ? String(outcome.reason) : 'answered'))).toEqual([
      ...new Array<string>(3).fill('answered'),
      ...new Array<string>(2).fill('Error: the database is busy: 3 calls are waiting already'),
    ]);
  });

  it('does what it was given before it closes, and nothing after', async () => {
    const path = join(folder, 'ccload.db');
    const database = await Database.open({ path });
    const last = database.remote('settings').valueOrInsert('k', 'v');
    await database.close();
    expect(await last).toBe('v');
    expect(database.isUp).toBe(false);
    await expect(database.remote('channels').all()).rejects.toThrow('the database is closed');
    expect(statSync(`${path}-wal`).size).toBe(0);
  });

  it('reads in a second thread what the first has just written, and does not wait for it', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db') });
    const logs = database.remote('logs');
    for (let round = 1; round <= 20; round += 1) {
      await logs.append([attemptRecord({ time: round })]);
      expect((await logs.page({ since: 0, limit: 1, offset: 0 })).count).toBe(round);
    }
    await database.remote('trends').rollUp(100);
    const writes = logs.append(Array.from({ length: 20_000 }, (_, time) => attemptRecord({ time })));
    const seen = await Promise.race([
      database.remote('stats').summary(0, 1_000_000).then(({ totalRequests }) => totalRequests),
      writes.then(() => 'the writes were first'),
    ]);
    await writes;
    expect(seen).toBe(20);
    expect((await database.remote('stats').summary(0, 1_000_000)).totalRequests).toBe(20_020);
    await database.close();
  });

  it('counts what waits and what it refused', async () => {
    const database = await Database.open({ path: join(folder, 'ccload.db'), pendingCallsMax: 1 });
    const calls = Promise.allSettled([database.remote('channels').all(), database.remote('channels').all()]);
    expect(database.load).toEqual({ pending: 1, refused: 1 });
    await calls;
    expect(database.load).toEqual({ pending: 0, refused: 1 });
    await database.close();
  });

  it('refuses a strange file with the sentence for the operator', async () => {
    const path = join(folder, 'ccload.db');
    await writeFile(path, 'this is no database at all; '.repeat(50));
    await expect(Database.open({ path })).rejects.toThrow(`The database ${path} is not an SQLite database; it was left untouched: set SQLITE_PATH to another file, or put a backup in its place.`);
  });
});
