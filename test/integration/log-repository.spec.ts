import { describe, expect, it } from '@jest/globals';
import type { AttemptRecord } from '../../src/domain/call.js';
import type { Database } from '../../src/database/database.js';
import type { LogFilter } from '../../src/logs/log-filter.js';
import { attemptRecord } from '../support/attempt-record.js';
import { withDatabase } from '../support/temporary-database.js';

const everything: LogFilter = { since: 0, limit: 100, offset: 0 };

const timesOf = async (database: Database, filter: Partial<LogFilter>): Promise<readonly number[]> =>
  (await database.remote('logs').page({ ...everything, ...filter })).rows.map(({ time }) => time);

const withRecords = (records: readonly Partial<AttemptRecord>[], use: (database: Database) => Promise<void>) =>
  withDatabase(async (database) => {
    await database.remote('logs').append(records.map((changes, at) => attemptRecord({ time: at + 1, ...changes })));
    await use(database);
  });

describe('the log', () => {
  it('gives a record back as it was, and numbers it', () => {
    const full = attemptRecord({ trace: [{ channelId: 2, channelName: 'b', note: 'cooling for another 12 s: rate limit' }] });
    return withRecords([full], async (database) => {
      const page = await database.remote('logs').page(everything);
      expect(page).toEqual({ rows: [{ ...full, id: 1 }], count: 1 });
    });
  });

  it('gives a record without channel, answer, usage and token back as it was', () => {
    const empty = attemptRecord({
      attempt: 0,
      channelId: undefined,
      channelName: undefined,
      firstByteMs: undefined,
      usage: undefined,
      tokenLabel: undefined,
      statusCode: 503,
      message: 'no channel serves this model',
    });
    return withRecords([empty], async (database) => {
      expect((await database.remote('logs').page(everything)).rows).toEqual([{ ...empty, id: 1 }]);
    });
  });

  it('shows the newest first and, of the same moment, the later written', () =>
    withRecords([{ time: 5 }, { time: 9, message: 'x' }, { time: 7 }, { time: 9, message: 'y' }], async (database) => {
      const { rows } = await database.remote('logs').page(everything);
      expect(rows.map(({ time, message }) => `${time}${message}`)).toEqual(['9y', '9x', '7', '5']);
    }));

  it('counts all matches, whatever the page', () =>
    withRecords(Array.from({ length: 130 }, () => ({})), async (database) => {
      const page = await database.remote('logs').page({ ...everything, limit: 3, offset: 10 });
      expect(page.rows.map(({ time }) => time)).toEqual([120, 119, 118]);
      expect(page.count).toBe(130);
      expect(await timesOf(database, { offset: 130 })).toEqual([]);
    }));

  it('never gives more than a page holds', () =>
    withRecords(Array.from({ length: 1_050 }, () => ({})), async (database) => {
      expect(await timesOf(database, { limit: 5_000 })).toHaveLength(1_000);
    }));

  it('starts at a moment, that moment included', () =>
    withRecords([{}, {}, {}], async (database) => {
      expect(await timesOf(database, { since: 2 })).toEqual([3, 2]);
    }));

  it('filters by channel, by name and by part of a name', () =>
    withRecords(
      [
        { channelId: 1, channelName: 'Relay 100%' },
        { channelId: 2, channelName: 'relay 1000' },
        { channelId: undefined, channelName: undefined },
      ],
      async (database) => {
        expect(await timesOf(database, { channelId: 2 })).toEqual([2]);
        expect(await timesOf(database, { channelName: 'Relay 100%' })).toEqual([1]);
        expect(await timesOf(database, { channelName: 'Relay' })).toEqual([]);
        expect(await timesOf(database, { channelNameLike: 'RELAY' })).toEqual([2, 1]);
        expect(await timesOf(database, { channelNameLike: '100%' })).toEqual([1]);
      },
    ));

  it('takes %, _ and \\ in a part of a model for themselves', () =>
    withRecords([{ model: 'gpt_4' }, { model: 'gpt-4' }, { model: 'a\\b' }], async (database) => {
      expect(await timesOf(database, { modelLike: 'gpt_' })).toEqual([1]);
      expect(await timesOf(database, { modelLike: '\\' })).toEqual([3]);
      expect(await timesOf(database, { modelLike: '%' })).toEqual([]);
      expect(await timesOf(database, { model: 'gpt-4' })).toEqual([2]);
    }));

  it('filters by class of status and by code', () =>
    withRecords([200, 299, 300, 400, 429, 499, 500, 599].map((statusCode) => ({ statusCode })), async (database) => {
      expect(await timesOf(database, { status: '2xx' })).toEqual([2, 1]);
      expect(await timesOf(database, { status: '4xx' })).toEqual([6, 5, 4]);
      expect(await timesOf(database, { status: '5xx' })).toEqual([8, 7]);
      expect(await timesOf(database, { status: 429 })).toEqual([5]);
    }));

  it('finds all attempts of one request', () =>
    withRecords([{ requestId: 'x', final: false }, { requestId: 'y' }, { requestId: 'x', attempt: 2 }], async (database) => {
      expect(await timesOf(database, { requestId: 'x' })).toEqual([3, 1]);
    }));

  it('combines filters', () =>
    withRecords([{ statusCode: 500 }, { statusCode: 500, model: 'n' }, { model: 'n' }], async (database) => {
      expect(await timesOf(database, { status: '5xx', model: 'n' })).toEqual([2]);
    }));

  it('stores all records of an append or none', () =>
    withDatabase(async (database) => {
      const records = Array.from({ length: 60 }, (_, at) => attemptRecord(at === 59 ? { durationMs: Number.NaN } : {}));
      await expect(database.remote('logs').append(records)).rejects.toThrow(/logs\.append.*NOT NULL/);
      expect(await timesOf(database, {})).toEqual([]);
    }));

  it('keeps rows of a channel that is gone', () =>
    withRecords([{ channelId: 77 }], async (database) => {
      await database.remote('channels').delete(77);
      expect(await timesOf(database, { channelId: 77 })).toEqual([1]);
    }));

  it('deletes the oldest rows before a moment, in steps', () =>
    withRecords(Array.from({ length: 5 }, () => ({})), async (database) => {
      const logs = database.remote('logs');
      expect(await logs.deleteOlderThan(5, 3)).toBe(3);
      expect(await timesOf(database, {})).toEqual([5, 4]);
      expect(await logs.deleteOlderThan(5, 3)).toBe(1);
      expect(await logs.deleteOlderThan(5, 3)).toBe(0);
      expect(await timesOf(database, {})).toEqual([5]);
    }));
});

describe('the summary', () => {
  it('counts requests, not attempts, and a client that left as neither success nor error', () =>
    withRecords(
      [
        { statusCode: 500, final: false },
        { statusCode: 200 },
        { statusCode: 204 },
        { statusCode: 499 },
        { statusCode: 503 },
        { statusCode: 400 },
      ],
      async (database) => {
        const summary = await database.remote('stats').summary(0, 100);
        expect(summary).toEqual({ totalRequests: 5, successRequests: 2, errorRequests: 2 });
      },
    ));

  it('counts from one moment to another, both included', () =>
    withRecords([{}, {}, {}, {}], async (database) => {
      expect(await database.remote('stats').summary(2, 3)).toMatchObject({ totalRequests: 2 });
    }));

  it('is all zeros for an empty log', () =>
    withDatabase(async (database) => {
      const summary = await database.remote('stats').summary(0, 100);
      expect(summary).toEqual({ totalRequests: 0, successRequests: 0, errorRequests: 0 });
    }));
});
