import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/database/database.js';
import { aChannel, aLogRow, manyLogRows, originalIndexes, rowsOf, writeOriginal } from '../support/original-database.js';
import { randomKillsMax, takeoverInChild } from '../support/takeover-child.js';
import { temporaryFolder } from '../support/temporary-database.js';

const logRows = 6_000;
/** Some twenty programs, one after the other, on a machine that may be busy. */
const longMs = 180_000;
let folder = '';
let original = '';
let takenOver: readonly string[] = [];
let asItWas: readonly string[] = [];
let copies = 0;

const tables = ['channels', 'cooldowns', 'rr', 'logs'];
const tablesOfOurs = [...tables, 'log_tallies', 'trend_progress', 'migrations', 'sqlite_sequence'];

/** What the tables hold, each as one digest of all its rows. */
const contentOf = async (path: string, names: readonly string[]): Promise<readonly string[]> => {
  const digests: string[] = [];
  for (const name of names) {
    const rows = await rowsOf(path, `SELECT * FROM ${name} ORDER BY 1, 2`);
    digests.push(`${name}: ${rows.length} rows ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`);
  }
  return digests;
};

const freshCopy = (): string => {
  copies += 1;
  const path = join(folder, String(copies), 'ccload.db');
  mkdirSync(join(folder, String(copies)));
  copyFileSync(original, path);
  return path;
};

/** Starts on the file and ends; true when it took it over. */
const start = async (path: string): Promise<boolean> => {
  const told: string[] = [];
  const database = await Database.inline({ path, tell: ({ sentence }) => told.push(sentence) });
  await database.close();
  return told.some((sentence) => sentence.includes('is taken over'));
};

/** Every row is there, once; and the one copy holds what was there before. */
const expectWhole = async (path: string): Promise<void> => {
  expect(await contentOf(path, tablesOfOurs)).toEqual(takenOver);
  const besides = readdirSync(join(path, '..')).filter((file) => !['ccload.db', 'ccload.db-shm', 'ccload.db-spare'].includes(file));
  expect(besides).toEqual([expect.stringMatching(/^ccload\.db\.before-\d+\.\d+\.\d+$/)]);
  expect(await contentOf(join(path, '..', besides[0] ?? ''), tables)).toEqual(asItWas);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  original = join(folder, 'original.db');
  await writeOriginal(original, {
    channels: ['a', 'a', 'b'].map((name) => ({ ...aChannel, name })),
    cooldowns: [{ channel_id: 1, until: aLogRow.time, duration_ms: 4_000 }, { channel_id: 7, until: aLogRow.time, duration_ms: 1 }],
    rr: [{ key: 'model-1|10', idx: 1 }],
    then: [manyLogRows(logRows, 1_758_960_000), ...originalIndexes],
  });
  asItWas = await contentOf(original, tables);
  const reference = freshCopy();
  await start(reference);
  takenOver = await contentOf(reference, tablesOfOurs);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a takeover that is killed', () => {
  it('after any step is completed by the next start', async () => {
    const { steps } = await takeoverInChild(freshCopy());
    expect(steps).toEqual(['locked', 'copied aside', 'tables made', 'channels copied', 'log rows', 'log rows', 'original tables dropped', 'committed']);
    for (const [index, step] of steps.entries()) {
      const path = freshCopy();
      const end = await takeoverInChild(path, { steps: index + 1 });
      expect(end).toMatchObject({ wasKilled: true, steps: steps.slice(0, index + 1) });
      expect([step, await start(path)]).toEqual([step, step !== 'committed']);
      await expectWhole(path);
    }
  }, longMs);

  it('at any moment, and again at the next try, is completed in the end', async () => {
    const { tookMs } = await takeoverInChild(freshCopy());
    for (let kills = 0; kills < randomKillsMax; kills += 2) {
      const path = freshCopy();
      for (let tries = 0; tries < 2; tries += 1) await takeoverInChild(path, { ms: Math.random() * tookMs });
      await start(path);
      await expectWhole(path);
    }
  }, longMs);
});
