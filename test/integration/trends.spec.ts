import { describe, expect, it } from '@jest/globals';
import type { AttemptRecord } from '../../src/domain/call.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import type { Database } from '../../src/database/database.js';
import { metricsView } from '../../src/stats/metrics-view.js';
import { otherModels, unservedModelsMax } from '../../src/stats/trend.repository.js';
import { attemptRecord } from '../support/attempt-record.js';
import { withDatabase, withFile } from '../support/temporary-database.js';

const begin = 1_000 * hourMs;

const withRecords = (records: readonly Partial<AttemptRecord>[], use: (database: Database) => Promise<void>) =>
  withDatabase(async (database) => {
    await database.remote('logs').append(records.map((changes) => attemptRecord({ time: begin, ...changes })));
    await use(database);
  });

/** Everything the statistics say, from whichever table it comes. */
const saidBy = async (database: Database) => {
  const stats = database.remote('stats');
  return {
    kinds: await stats.kinds(begin),
    hours: await stats.curve({ since: begin, until: begin + 10 * hourMs, stepMs: hourMs }),
    trend: await stats.trend({ since: begin, until: begin + 10 * hourMs, stepMs: hourMs }, undefined),
    trendOfMinutes: await stats.trend({ since: begin, until: begin + 10 * hourMs, stepMs: 7 * minuteMs }, [0, 2, 3]),
    minutes: await stats.curve({ since: begin, until: begin + 10 * hourMs, stepMs: 7 * minuteMs }),
    summary: await stats.summary(begin, begin + 10 * hourMs),
  };
};

const rollUpIn = async (database: Database, rowsPerStep: number): Promise<void> => {
  while ((await database.remote('trends').rollUp(rowsPerStep)).rows > 0);
};

const mixed: readonly Partial<AttemptRecord>[] = Array.from({ length: 300 }, (_, at) => ({
  time: begin + at * 97_000,
  channelId: at % 11 === 0 ? undefined : (at % 3) + 1,
  channelName: at % 11 === 0 ? undefined : `channel ${at % 3}`,
  model: at % 2 === 0 ? 'claude' : 'gpt',
  statusCode: [200, 200, 201, 429, 499, 500][at % 6] ?? 200,
  final: at % 13 !== 0,
  durationMs: at * 250,
  firstByteMs: at % 4 === 0 ? undefined : at * 125,
  usage: at % 5 === 0 ? undefined : { inputTokens: at, outputTokens: 1, cacheReadTokens: 2, cacheCreationTokens: 3 },
}));

describe('statistics', () => {
  it('are given as the same JSON that the API shows', () =>
    withRecords(mixed, async (database) => {
      const span = { since: begin, until: begin + 12 * hourMs, stepMs: hourMs };
      const points: unknown = JSON.parse(await database.remote('stats').curveJson(span));
      expect(points).toEqual(metricsView(await database.remote('stats').curve(span), span));
      expect(points).toHaveLength(12);
    }));

  it('say the same before, in the middle of and after a rollup, in steps of any size', () =>
    withRecords(mixed, async (database) => {
      const before = await saidBy(database);
      for (let step = 0; step < 4; step += 1) {
        await database.remote('trends').rollUp(61);
        expect(await saidBy(database)).toEqual(before);
      }
      await rollUpIn(database, 1);
      expect(await saidBy(database)).toEqual(before);
      expect(before.summary.totalRequests).toBe(mixed.filter(({ final }) => final).length);
    }));

  it('do not change when the rollup runs again', () =>
    withRecords(mixed, async (database) => {
      await rollUpIn(database, 1_000);
      const once = await saidBy(database);
      await rollUpIn(database, 1_000);
      expect(await saidBy(database)).toEqual(once);
    }));

  it('count a row that comes late for an hour that has been rolled up', () =>
    withRecords([{}, { time: begin + 5 * hourMs }], async (database) => {
      await rollUpIn(database, 1_000);
      await database.remote('logs').append([attemptRecord({ time: begin + 1 })]);
      const late = await saidBy(database);
      expect(late.hours[0]).toMatchObject({ success: 2, channels: expect.any(String) });
      expect(JSON.parse(late.hours[0]?.channels ?? '')).toEqual({ a: { success: 2, error: 0 } });
      await rollUpIn(database, 1_000);
      expect(await saidBy(database)).toEqual(late);
    }));

  it('outlive the log', () =>
    withRecords(mixed, async (database) => {
      const before = await saidBy(database);
      await rollUpIn(database, 1_000);
      await database.remote('logs').deleteOlderThan(begin + 100 * hourMs, 1_000);
      expect((await database.remote('logs').page({ since: 0, limit: 1, offset: 0 })).count).toBe(0);
      expect(await saidBy(database)).toEqual(before);
    }));

  it('count requests, not attempts, and a client that left as neither success nor error', () =>
    withRecords([500, 200, 204, 499, 503, 400].map((statusCode, at) => ({ statusCode, final: at > 0 })), async (database) => {
      for (const rows of [0, 100]) {
        if (rows > 0) await rollUpIn(database, rows);
        const { summary, kinds } = await saidBy(database);
        expect(summary).toEqual({ totalRequests: 5, successRequests: 2, errorRequests: 2 });
        expect(kinds).toMatchObject([{ success: 2, error: 2, clientLeft: 1 }]);
      }
    }));

  it('take latencies of successes only', () =>
    withRecords([{ statusCode: 200, durationMs: 4_000 }, { statusCode: 429, durationMs: 1 }], async (database) => {
      const [kind] = (await saidBy(database)).kinds;
      expect(kind).toMatchObject({ durationSum: 4, firstByteCount: 1 });
      expect(kind?.durationCounts.reduce((sum, count) => sum + count, 0)).toBe(1);
    }));

  it('put a latency on the bound of two classes into the lower one, and the longest into the open one', () =>
    withRecords([250, 251, 300_000, 300_001].map((durationMs) => ({ durationMs, firstByteMs: undefined })), async (database) => {
      const [kind] = (await saidBy(database)).kinds;
      expect(kind?.durationCounts).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
      expect(kind?.firstByteCounts.every((count) => count === 0)).toBe(true);
    }));

  it('tell curves of all requests, or of each channel that is asked for and of no other, with their first bytes by class', () =>
    withRecords([{}, { channelId: 2, firstByteMs: 300 }, { channelId: 3 }, { channelId: undefined, channelName: undefined, statusCode: 503 }], async (database) => {
      const stats = database.remote('stats');
      const span = { since: begin, until: begin + hourMs, stepMs: minuteMs };
      for (const rows of [0, 100]) {
        if (rows > 0) await rollUpIn(database, rows);
        expect(await stats.trend(span, undefined)).toMatchObject([{ channelId: 0, success: 3, error: 1, firstByteCount: 3 }]);
        const [unserved, second, ...others] = await stats.trend(span, [2, 0]);
        expect(unserved).toMatchObject({ start: begin, channelId: 0, success: 0, error: 1 });
        expect(second).toMatchObject({ channelId: 2, success: 1, firstByteCounts: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
        expect(others).toEqual([]);
      }
    }));

  it('are empty for an empty log', () =>
    withDatabase(async (database) => {
      await rollUpIn(database, 10);
      expect(await saidBy(database)).toEqual({
        kinds: [],
        hours: [],
        minutes: [],
        trend: [],
        trendOfMinutes: [],
        summary: { totalRequests: 0, successRequests: 0, errorRequests: 0 },
      });
    }));

  it('keep the moments of a span: its beginning is included, its end is not', () =>
    withRecords([{ time: begin - 1 }, { time: begin }, { time: begin + hourMs - 1 }, { time: begin + hourMs }], async (database) => {
      for (const rows of [0, 100]) {
        if (rows > 0) await rollUpIn(database, rows);
        const steps = await database.remote('stats').curve({ since: begin, until: begin + hourMs, stepMs: minuteMs });
        expect(steps.map(({ start }) => start)).toEqual([begin, begin + 59 * minuteMs]);
      }
    }));
});

describe('the rollup', () => {
  it('does not let clients that invent models fill the table', () => {
    const invented = Array.from({ length: 3 * unservedModelsMax }, (_, at) => ({
      model: `invented ${at}`,
      channelId: undefined,
      channelName: undefined,
      statusCode: 503,
    }));
    const often = Array.from({ length: 5 }, () => ({ ...invented[0], model: 'often' }));
    return withRecords([...invented, ...often], async (database) => {
      await rollUpIn(database, 50);
      const { kinds, summary } = await saidBy(database);
      expect(kinds.length).toBeLessThanOrEqual(unservedModelsMax + 1);
      expect(kinds.find(({ model }) => model === otherModels)?.error).toBeGreaterThan(unservedModelsMax);
      expect(summary.errorRequests).toBe(invented.length + often.length);
    });
  });

  it('counts nothing of a step that fails, and everything when it is done again', () =>
    withFile(async (database, path) => {
      const { DataSource } = await import('typeorm');
      await database.remote('logs').append(mixed.map((changes) => attemptRecord(changes)));
      const before = await saidBy(database);
      const saboteur = new DataSource({ type: 'better-sqlite3', database: path });
      await saboteur.initialize();
      await saboteur.query(`CREATE TRIGGER crash BEFORE UPDATE ON trend_progress BEGIN SELECT RAISE(ABORT, 'the power went out'); END`);
      await expect(database.remote('trends').rollUp(100)).rejects.toThrow('the power went out');
      expect(await saboteur.query('SELECT COUNT(*) AS rows FROM hourly_trends')).toEqual([{ rows: 0 }]);
      await saboteur.query('DROP TRIGGER crash');
      await saboteur.destroy();
      await rollUpIn(database, 100);
      expect(await saidBy(database)).toEqual(before);
    }));

  it('forgets trends by age, minutes before hours, a day at a time', () =>
    withRecords([0, 30, 60].map((hours) => ({ time: begin + hours * hourMs })), async (database) => {
      await rollUpIn(database, 100);
      const trends = database.remote('trends');
      const kept = begin + 50 * hourMs;
      const deletions: number[] = [];
      for (let rows = 1; rows > 0; deletions.push(rows)) rows = await trends.deleteOlderThan(kept, begin + hourMs);
      expect(deletions).toEqual([3, 2, 0]);
      const span = { since: begin, until: begin + 100 * hourMs };
      expect(await database.remote('stats').curve({ ...span, stepMs: minuteMs })).toHaveLength(1);
      expect(await database.remote('stats').curve({ ...span, stepMs: hourMs })).toHaveLength(2);
    }));
});
