import { beforeAll, describe, expect, it } from '@jest/globals';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { LogRetention } from '../../src/logs/log-retention.js';
import { TrendRollup } from '../../src/stats/trend-rollup.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { attemptRecord } from '../support/attempt-record.js';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
  await admin.operator.post('/admin/channels').send(aChannel({ name: 'new name' })).expect(201);
  const now = Date.now();
  await admin.database.remote('logs').append([
    attemptRecord({ time: now - 1, channelId: 1, channelName: 'old name', durationMs: 3_000, firstByteMs: 300 }),
    attemptRecord({ time: now - 1, channelId: 9, channelName: '__proto__', statusCode: 500 }),
    attemptRecord({ time: now - 1, channelId: 9, channelName: '__proto__', statusCode: 500, final: false }),
    attemptRecord({ time: now - 1, channelId: undefined, channelName: undefined, attempt: 0, statusCode: 503, usage: undefined }),
    attemptRecord({ time: now - 3 * hourMs, channelId: 1, channelName: 'old name', statusCode: 499 }),
    attemptRecord({ time: now - 30 * hourMs, channelId: 1, channelName: 'old name' }),
  ]);
});

const rowsAt = async (path: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { body } = await admin.operator.get(path).expect(200);
  const rows: readonly Readonly<Record<string, unknown>>[] = body.data;
  return rows;
};

describe.each(['before', 'after'])('statistics %s the rollup', (moment) => {
  beforeAll(async () => {
    if (moment === 'after') await admin.app.get(TrendRollup).rollUp();
  });

  it('are told per channel and model, most requests first, under the name the channel has now', async () => {
    const { body } = await admin.operator.get('/admin/stats').expect(200);
    expect(body.data).toEqual([
      {
        channel_id: 1,
        channel_name: 'new name',
        model: 'm',
        success: 1,
        error: 0,
        total: 2,
        input_tokens: 20,
        output_tokens: 40,
        cache_read_tokens: 6,
        cache_creation_tokens: 8,
        avg_duration: 3,
        p95_duration: 3.9,
        avg_first_byte_time: 0.3,
        p95_first_byte_time: expect.closeTo(0.487, 2),
      },
      expect.objectContaining({ channel_id: null, channel_name: null, error: 1, total: 1, avg_duration: null, p95_duration: null }),
      expect.objectContaining({ channel_id: 9, channel_name: '__proto__', error: 1, total: 1, avg_first_byte_time: null }),
    ]);
  });

  it('go as far back as they are asked to', async () => {
    const successes = async (hours: number): Promise<unknown> =>
      (await rowsAt(`/admin/stats?hours=${hours}`)).find(({ channel_id }) => channel_id === 1)?.['success'];
    expect([await successes(1), await successes(48)]).toEqual([1, 2]);
  });

  it('are a curve without gaps, the present bucket last', async () => {
    const points = await rowsAt('/admin/metrics?hours=24&bucket_min=60');
    const last = Number(points.at(-1)?.['ts']);
    expect(Date.now() - last).toBeLessThan(2 * hourMs);
    expect(points.map(({ ts }) => ts)).toEqual(Array.from({ length: 24 }, (_, at) => last - (23 - at) * hourMs));
    expect(points[0]).toEqual({
      ts: last - 23 * hourMs,
      success: 0,
      error: 0,
      channels: {},
      input_tokens: 0,
      output_tokens: 0,
      cache_read_tokens: 0,
      cache_creation_tokens: 0,
      avg_first_byte_time: null,
    });
  });

  it('name channels in the curve as they were called, whatever that name is', async () => {
    const answer = await admin.operator.get('/admin/metrics?hours=2&bucket_min=120').expect(200);
    expect(answer.text).toContain('"__proto__":{"success":0,"error":1}');
    expect(answer.text).toContain('"old name":{"success":1,"error":0}');
    expect(answer.body.data[0]).toMatchObject({ success: 1, error: 2, avg_first_byte_time: 0.3 });
  });

  it('are summed up for everybody', async () => {
    const { body } = await (await admin.restarted()).anonymous.get('/public/summary').expect(200);
    expect(body.data).toMatchObject({ total_requests: 4, success_requests: 1, error_requests: 2, hours: 24 });
    admin = await admin.restarted();
  });
});

describe('a curve', () => {
  it.each([
    ['hours=1&bucket_min=1', 60],
    ['hours=24', 288],
    ['hours=33&bucket_min=1', 1_980],
    ['hours=720', 1_440],
    ['hours=720&bucket_min=1440', 30],
    ['hours=1&bucket_min=1440', 1],
    ['hours=1&bucket_min=7', 9],
    ['hours=&bucket_min=', 288],
  ])('of ?%s has %i points', async (query, points) => {
    const rows = await rowsAt(`/admin/metrics?${query}`);
    expect(rows).toHaveLength(points);
    expect(rows.at(-1)?.['ts']).toBeGreaterThan(Date.now() - 1_441 * minuteMs);
  });

  const hours = 'hours must be a whole number from 1 to 720';
  const bucket = 'bucket_min must be a whole number from 1 to 1440';
  it.each([
    ['metrics?hours=34&bucket_min=1', 'hours and bucket_min must give at most 2000 points, 34 h in steps of 1 min are 2040'],
    ['metrics?hours=720&bucket_min=5', 'hours and bucket_min must give at most 2000 points, 720 h in steps of 5 min are 8640'],
    ['metrics?hours=0', hours],
    ['metrics?hours=721', hours],
    ['metrics?hours=-1', hours],
    ['metrics?hours=1e9', hours],
    ['metrics?hours=NaN', hours],
    ['metrics?hours=0x10', hours],
    ['metrics?hours=1&hours=2', hours],
    ['metrics?hours[]=1', 'hours[] is not a known field'],
    ['metrics?hours=9999999999999999999999', hours],
    ['metrics?bucket_min=0', bucket],
    ['metrics?bucket_min=0.5', bucket],
    ['metrics?bucket_min=1441', bucket],
    ['metrics?bucket_min=%00', bucket],
    ['metrics?bucket_min=5%27--', bucket],
    ['metrics?bucket=5', 'bucket is not a known field'],
    ['stats?hours=0', hours],
    ['stats?hours=24;DROP TABLE logs', hours],
    ['stats?bucket_min=5', 'bucket_min is not a known field'],
    ['stats?limit=5', 'limit is not a known field'],
  ])('or a table is refused for %s', async (query, sentence) => {
    const { body } = await admin.operator.get(`/admin/${query}`).expect(400);
    expect(body).toEqual({ success: false, data: null, error: sentence });
  });

  it.each(['/admin/metrics', '/admin/stats'])('at %s is for operators', async (path) => {
    await admin.anonymous.get(path).expect(401);
  });
});

describe('old log rows', () => {
  it('stay until they have been rolled up, and their statistics stay for good', async () => {
    const short = await startAdmin({ LOG_RETENTION_DAYS: '1' });
    await short.database.remote('logs').append([attemptRecord({ time: Date.now() - 40 * hourMs })]);
    expect(await short.app.get(LogRetention).removeOld()).toBe(0);
    await short.app.get(TrendRollup).rollUp();
    expect(await short.app.get(LogRetention).removeOld()).toBe(1);
    expect((await short.operator.get('/admin/stats?hours=48').expect(200)).body.data).toMatchObject([{ total: 1 }]);
  });
});
