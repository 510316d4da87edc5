import { describe, expect, it } from '@jest/globals';
import type { AttemptRecord } from '../../src/domain/call.js';
import type { Database } from '../../src/database/database.js';
import type { LogFilter } from '../../src/logs/log-filter.js';
import { logView } from '../../src/logs/log-view.js';
import { packRows } from '../../src/logs/packed-rows.js';
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

  it.each([1, 9, 10, 11, 49, 50, 51, 99, 161])('stores an append of %i records whole and in order', (length) =>
    withRecords(Array.from({ length }, () => ({})), async (database) => {
      const { rows, count } = await database.remote('logs').page({ ...everything, limit: 1_000 });
      expect(count).toBe(length);
      expect(rows.map(({ id, time }) => [id, time])).toEqual(Array.from({ length }, (_, at) => [length - at, length - at]));
    }));

  it('gives the same page as the JSON that the API shows', () =>
    withRecords([{ model: 'a' }, { model: '"\u2028' }, { model: 'b' }], async (database) => {
      const filter = { ...everything, limit: 2, offset: 1 };
      const { rows } = await database.remote('logs').page(filter);
      const { json, count } = await database.remote('logs').pageJson(filter);
      expect(JSON.parse(json)).toEqual(rows.map(logView));
      expect(count).toBe(3);
    }));

  it('stores rows that come as bytes like those that come as objects', () =>
    withDatabase(async (database) => {
      const logs = database.remote('logs');
      const records = [attemptRecord({ trace: [{ channelId: 1, channelName: 'a', note: 'x' }] }), attemptRecord({ usage: undefined }), attemptRecord()];
      await logs.appendPacked([packRows(records.slice(0, 2)), packRows(records.slice(2))], false);
      const { rows } = await logs.page({ ...everything, limit: 10 });
      expect(rows).toEqual(records.map((record, at) => ({ ...record, id: at + 1 })).toReversed());
    }));

  it('stores all records of an append or none', () =>
    withDatabase(async (database) => {
      const records = Array.from({ length: 60 }, (_, at) => attemptRecord(at === 59 ? { durationMs: Number.NaN } : {}));
      await expect(database.remote('logs').append(records)).rejects.toThrow(/logs\.append.*not[- ]null/i);
      expect(await timesOf(database, {})).toEqual([]);
    }));

  it('stores only what is missing of records that may have been stored before', () =>
    withDatabase(async (database) => {
      const logs = database.remote('logs');
      const records = Array.from({ length: 120 }, (_, at) => attemptRecord({ requestId: `request ${at >> 1}`, attempt: 1 + (at % 2) }));
      await logs.append(records.slice(0, 61));
      await logs.append(records, true);
      await logs.append(records, true);
      expect(await logs.page({ since: 0, limit: 1_000, offset: 0 })).toMatchObject({ count: 120, rows: { length: 120 } });
    }));

  it('keeps rows of a channel that is gone', () =>
    withRecords([{ channelId: 77 }], async (database) => {
      await database.remote('channels').delete(77);
      expect(await timesOf(database, { channelId: 77 })).toEqual([1]);
    }));

  it('deletes the oldest rows before a moment, in steps', () =>
    withRecords(Array.from({ length: 5 }, () => ({})), async (database) => {
      const logs = database.remote('logs');
      await database.remote('trends').rollUp(100);
      expect(await logs.deleteOlderThan(5, 3)).toBe(3);
      expect(await timesOf(database, {})).toEqual([5, 4]);
      expect(await logs.deleteOlderThan(5, 3)).toBe(1);
      expect(await logs.deleteOlderThan(5, 3)).toBe(0);
      expect(await timesOf(database, {})).toEqual([5]);
    }));
});

describe('pages of a log that spans hours', () => {
  const hour = 3_600_000;
  /** Forty hours; every seventh row is of the rare model, every fifth refused, and one status code occurs once. */
  const rows: readonly Partial<AttemptRecord>[] = Array.from({ length: 400 }, (_, at) => ({
    time: 1_000 * hour + Math.floor((at * hour) / 10),
    requestId: `r${at}`,
    model: at % 7 === 0 ? 'rare' : 'usual',
    channelId: at % 3 === 0 ? undefined : (at % 3) + 10,
    channelName: at % 3 === 0 ? undefined : at < 200 ? 'old name' : 'new name',
    statusCode: at === 123 ? 418 : at % 5 === 0 ? 529 : 200,
  }));
  const newestFirst = rows.map((row, at) => attemptRecord({ ...row, durationMs: at })).reverse();

  const cases: readonly (readonly [string, Partial<LogFilter>, (row: AttemptRecord) => boolean])[] = [
    ['everything', {}, () => true],
    ['a model', { model: 'rare' }, ({ model }) => model === 'rare'],
    ['part of a model', { modelLike: 'AR' }, ({ model }) => model === 'rare'],
    ['a channel', { channelId: 11 }, ({ channelId }) => channelId === 11],
    ['no channel', { channelId: 0 }, ({ channelId }) => channelId === undefined],
    ['a former name', { channelName: 'old name' }, ({ channelName }) => channelName === 'old name'],
    ['part of a name', { channelNameLike: 'name' }, ({ channelName }) => channelName !== undefined],
    ['a status that occurs once', { status: 418 }, ({ statusCode }) => statusCode === 418],
    ['a class of status', { status: '5xx' }, ({ statusCode }) => statusCode >= 500],
    ['all of it', { status: '5xx', model: 'rare', channelNameLike: 'new' }, (row) =>
      row.statusCode >= 500 && row.model === 'rare' && row.channelName === 'new name'],
    ['nothing', { model: 'none' }, () => false],
  ];

  it.each(cases)('are what a walk over all rows would find: %s', (_, filter, isWanted) =>
    withRecords([...newestFirst].reverse(), async (database) => {
      for (const since of [0, 1_000 * hour, 1_013 * hour + 1, 1_020 * hour + 1_234_567, 1_039 * hour + hour / 2, 1_100 * hour]) {
        const wanted = newestFirst.filter((row) => row.time >= since && isWanted(row)).map(({ requestId }) => requestId);
        for (const [offset, limit] of [[0, 1], [0, 7], [13, 30], [100, 1_000], [399, 5], [1_000_000_000, 5]] as const) {
          const page = await database.remote('logs').page({ ...filter, since, offset, limit });
          expect(page.count).toBe(wanted.length);
          expect(page.rows.map(({ requestId }) => requestId)).toEqual(wanted.slice(offset, offset + limit));
        }
      }
    }));

  it('keep their count while old rows are deleted', () =>
    withRecords([...newestFirst].reverse(), async (database) => {
      await database.remote('trends').rollUp(1_000);
      for (const left of [363, 326, 290, 290]) {
        await database.remote('logs').deleteOlderThan(1_011 * hour, 37);
        expect((await database.remote('logs').page(everything)).count).toBe(left);
        expect((await database.remote('logs').page({ ...everything, model: 'rare' })).count).toBe(
          newestFirst.slice(0, left).filter(({ model }) => model === 'rare').length,
        );
      }
    }));

  it('are whole when rows of past hours come late', () =>
    withRecords([{ time: 5 * hour }, { time: 2 * hour }, { time: 5 * hour + 1 }], async (database) => {
      expect(await timesOf(database, {})).toEqual([5 * hour + 1, 5 * hour, 2 * hour]);
    }));
});

describe('deleting', () => {
  it('spares rows that the trends have not counted, however old', () =>
    withRecords(Array.from({ length: 6 }, () => ({})), async (database) => {
      expect(await database.remote('logs').deleteOlderThan(100, 10)).toBe(0);
      await database.remote('trends').rollUp(4);
      expect(await database.remote('logs').deleteOlderThan(100, 10)).toBe(4);
      expect(await timesOf(database, {})).toEqual([6, 5]);
    }));
});

describe('attempts by channel', () => {
  const hour = 3_600_000;

  it('count those that moved on as failed, clients that left as neither, and no channel not at all', () =>
    withRecords(
      [
        { time: hour, statusCode: 200 },
        { time: hour, statusCode: 529, final: false },
        { time: hour, statusCode: 204, channelId: 2 },
        { time: hour, statusCode: 499, channelId: 2 },
        { time: hour, statusCode: 503, channelId: undefined, channelName: undefined },
      ],
      async (database) => {
        expect(await database.remote('logs').attemptsByChannel(hour)).toEqual([
          { channelId: 1, succeeded: 1, failed: 1 },
          { channelId: 2, succeeded: 1, failed: 0 },
        ]);
      },
    ));

  it('are told hour by hour, of the channels that are asked for and of nobody who left', () =>
    withRecords(
      [{ time: hour }, { time: hour + 1, statusCode: 529 }, { time: 2 * hour }, { time: hour, statusCode: 499 }, { time: hour, channelId: 2 }],
      async (database) => {
        const logs = database.remote('logs');
        expect(await logs.hourlyAttempts([1, 7], hour + 3)).toEqual([
          { channelId: 1, hour, attempts: 2 },
          { channelId: 1, hour: 2 * hour, attempts: 1 },
        ]);
        expect(await logs.hourlyAttempts([], hour)).toEqual([]);
      },
    ));

  it('begin with the hour that is asked for', () =>
    withRecords([{ time: hour - 1 }, { time: hour + 5 }], async (database) => {
      expect(await database.remote('logs').attemptsByChannel(hour + 7)).toEqual([{ channelId: 1, succeeded: 1, failed: 0 }]);
      expect(await database.remote('logs').attemptsByChannel(2 * hour)).toEqual([]);
    }));
});
