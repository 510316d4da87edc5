import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/database.js';
import { aChannel, aLogRow, killedAfter, manyLogRows, originalIndexes, rowsOf, writeOriginal } from '../support/original-database.js';
import { randomKillsMax, takeoverInChild } from '../support/takeover-child.js';
import { temporaryFolder } from '../support/temporary-database.js';

const logRows = 6_000;
/** Some twenty programs, one after the other, on a machine that may be busy. */
const longMs = 180_000;
let folder = '';
let takenOver: readonly string[] = [];
let asItWas: readonly string[] = [];
let copies = 0;

const tables = ['channels', 'cooldowns', 'rr', 'logs'];
const tablesOfOurs = [...tables, 'log_tallies', 'trend_progress', 'migrations', 'sqlite_sequence', 'runs'];

interface Kind {
  /** How the original wrote. */
  readonly journal: 'DELETE' | 'WAL';
  /** What keys are sealed with. */
  readonly secret?: string;
}

const kinds: readonly (readonly [string, Kind])[] = [
  ['with a rollback journal', { journal: 'DELETE' }],
  ['with a write-ahead log, into a database with sealed keys', { journal: 'WAL', secret: 'a long enough passphrase' }],
];

/** Each sealing makes other text of a key; what it seals is compared where the database is opened. */
const sealedAlike = (column: string, value: unknown): unknown => (column === 'api_key' && String(value).startsWith('sealed ') ? 'sealed' : value);

/** What the tables hold, each as one digest of all its rows. */
const contentOf = async (path: string, names: readonly string[]): Promise<readonly string[]> => {
  const digests: string[] = [];
  for (const name of names) {
    const rows = await rowsOf(path, `SELECT * FROM ${name} ORDER BY 1, 2`);
    digests.push(`${name}: ${rows.length} rows ${createHash('sha256').update(JSON.stringify(rows, sealedAlike)).digest('hex')}`);
  }
  return digests;
};

/** A folder with the original in it, as a program left it that was killed: where there is a write-ahead log, its last row lies there. */
const freshCopy = ({ journal }: Kind): string => {
  copies += 1;
  cpSync(join(folder, journal), join(folder, String(copies)), { recursive: true });
  return join(folder, String(copies), 'ccload.db');
};

/** Starts on the file and ends; true when it took it over. */
const start = async (path: string, { secret }: Kind): Promise<boolean> => {
  const told: string[] = [];
  const secrets = { current: secret, previous: undefined };
  const database = await Database.inline({ path, secrets, tell: ({ sentence }) => told.push(sentence) });
  const channels = await database.remote('channels').all();
  await database.close();
  expect(channels.map(({ keys }) => keys[0]?.secret)).toEqual([aChannel.api_key, aChannel.api_key, aChannel.api_key]);
  return told.some((sentence) => sentence.includes('is taken over'));
};

/** Every row is there, once; the one copy holds what was there before; and a key that is sealed is nowhere else in clear. */
const expectWhole = async (path: string, { secret }: Kind): Promise<void> => {
  expect(await contentOf(path, tablesOfOurs)).toEqual(takenOver);
  expect(readFileSync(path, 'latin1').includes(aChannel.api_key)).toBe(secret === undefined);
  const besides = readdirSync(join(path, '..')).filter((file) => !['ccload.db', 'ccload.db-wal', 'ccload.db-shm'].includes(file));
  expect(besides).toEqual([expect.stringMatching(/^ccload\.db\.before-\d+\.\d+\.\d+$/)]);
  expect(await contentOf(join(path, '..', besides[0] ?? ''), tables)).toEqual(asItWas);
};

const lastRow = `INSERT INTO logs (time, model, status_code) VALUES ('2025-09-27 16:20:00.5 +0800 CST', 'last', 200)`;

const prepare = async (kind: Kind): Promise<void> => {
  mkdirSync(join(folder, kind.journal));
  const original = join(folder, kind.journal, 'ccload.db');
  await writeOriginal(original, {
    channels: ['a', 'a', 'b'].map((name) => ({ ...aChannel, name })),
    cooldowns: [{ channel_id: 1, until: aLogRow.time, duration_ms: 4_000 }, { channel_id: 7, until: aLogRow.time, duration_ms: 1 }],
    rr: [{ key: 'model-1|10', idx: 1 }],
    then: [manyLogRows(logRows, 1_758_960_000), ...originalIndexes, `PRAGMA journal_mode = ${kind.journal}`],
  });
  killedAfter(original, lastRow);
  expect(readdirSync(join(folder, kind.journal)).includes('ccload.db-wal')).toBe(kind.journal === 'WAL');
  asItWas = await contentOf(freshCopy(kind), tables);
  const reference = freshCopy(kind);
  await start(reference, kind);
  takenOver = await contentOf(reference, tablesOfOurs);
};

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(kinds)('a takeover that is killed, of an original %s,', (_what, kind) => {
  const { secret } = kind;
  beforeAll(() => prepare(kind));

  it('after any step is completed by the next start', async () => {
    const { steps } = await takeoverInChild(freshCopy(kind), { secret });
    const wiped = secret === undefined ? [] : ['wiped'];
    expect(steps).toEqual(['locked', 'copied aside', ...wiped, 'tables made', 'channels copied', 'log rows', 'log rows', 'original tables dropped', 'committed', 'opened']);
    for (const [index, step] of steps.entries()) {
      const path = freshCopy(kind);
      const end = await takeoverInChild(path, { steps: index + 1, secret });
      expect(end).toMatchObject({ wasKilled: true, steps: steps.slice(0, index + 1) });
      expect([step, await start(path, kind)]).toEqual([step, !['committed', 'opened'].includes(step)]);
      await expectWhole(path, kind);
    }
  }, longMs);

  it('at any moment, and again at the next try, is completed in the end', async () => {
    const { tookMs } = await takeoverInChild(freshCopy(kind), { secret });
    for (let kills = 0; kills < randomKillsMax; kills += 2) {
      const path = freshCopy(kind);
      for (let tries = 0; tries < 2; tries += 1) await takeoverInChild(path, { ms: Math.random() * tookMs, secret });
      await start(path, kind);
      await expectWhole(path, kind);
    }
  }, longMs);
});
