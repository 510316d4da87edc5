import { beforeAll, describe, expect, it } from '@jest/globals';
import { BufferedCallSink } from '../../src/logs/buffered-call-sink.js';
import { LogRetention } from '../../src/logs/log-retention.js';
import type { AttemptRecord } from '../../src/domain/call.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { TrendRollup } from '../../src/stats/trend-rollup.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';

const anAttempt = (changes: Partial<AttemptRecord> = {}): AttemptRecord => ({
  time: Date.now() - minuteMs,
  requestId: 'request-1',
  attempt: 1,
  final: true,
  model: 'claude-a',
  channelId: 7,
  channelName: 'seven',
  path: '/v1/messages',
  statusCode: 200,
  message: '',
  durationMs: 1500,
  isStreaming: true,
  firstByteMs: 250,
  usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheCreationTokens: 4 },
  usageIncomplete: false,
  clientIp: '198.51.100.7',
  tokenLabel: 'token-1',
  trace: [{ channelId: 7, channelName: 'seven', note: 'tried first' }],
  ...changes,
});

const untouched = anAttempt({
  requestId: 'request-2',
  attempt: 0,
  model: '100%_sure\\',
  channelId: undefined,
  channelName: undefined,
  statusCode: 503,
  message: 'no channel serves this model',
  firstByteMs: undefined,
  usage: undefined,
  tokenLabel: undefined,
  trace: undefined,
  time: Date.now() - 2 * minuteMs,
});

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
  await admin.database.remote('logs').append([
    untouched,
    anAttempt({ requestId: 'request-3', final: false, statusCode: 429, channelName: 'Six', channelId: 6, time: Date.now() - 3 * minuteMs }),
    anAttempt({ requestId: 'request-4', statusCode: 499, model: 'gpt', time: Date.now() - 4 * minuteMs }),
    anAttempt({ requestId: 'request-5', time: Date.now() - 30 * hourMs }),
    anAttempt(),
  ]);
});

const idsFor = async (query: string): Promise<readonly string[]> => {
  const { body } = await admin.operator.get(`/admin/logs?${query}`).expect(200);
  const rows: readonly { readonly request_id: string }[] = body.data;
  expect(body.count).toBe(rows.length);
  return rows.map((row) => row.request_id.replace('request-', ''));
};

describe('the log', () => {
  it('shows rows under the names of the API, newest first, with what is unknown as null', async () => {
    const { body } = await admin.operator.get('/admin/logs').expect(200);
    expect(body.count).toBe(4);
    expect(body.data[0]).toEqual({
      id: expect.any(Number),
      time: expect.any(Number),
      request_id: 'request-1',
      attempt: 1,
      final: true,
      model: 'claude-a',
      channel_id: 7,
      channel_name: 'seven',
      path: '/v1/messages',
      status_code: 200,
      message: '',
      duration: 1.5,
      is_streaming: true,
      first_byte_time: 0.25,
      input_tokens: 1,
      output_tokens: 2,
      cache_read_tokens: 3,
      cache_creation_tokens: 4,
      usage_incomplete: false,
      client_ip: '198.51.100.7',
      token_label: 'token-1',
      trace: [{ channel_id: 7, channel_name: 'seven', note: 'tried first' }],
    });
    expect(body.data[1]).toMatchObject({
      request_id: 'request-2',
      channel_id: null,
      channel_name: null,
      first_byte_time: null,
      input_tokens: null,
      token_label: null,
      trace: null,
    });
  });

  it('has the name of the first ccLoad too', async () => {
    const { body } = await admin.operator.get('/admin/errors?status=5xx').expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('counts all rows, whatever the page', async () => {
    const { body } = await admin.operator.get('/admin/logs?limit=1&offset=2').expect(200);
    expect([body.count, body.data.length, body.data[0].request_id]).toEqual([4, 1, 'request-3']);
  });

  it.each([
    ['hours=48', ['1', '2', '3', '4', '5']],
    ['hours=&limit=&model=&status=', ['1', '2', '3', '4']],
    ['channel_id=6', ['3']],
    ['channel_name=seven', ['1', '4']],
    ['channel_name=SEVEN', []],
    ['channel_name_like=SI', ['3']],
    ['model=gpt', ['4']],
    ['model=gp', []],
    ['model_like=laude', ['1', '3']],
    ['status=2xx', ['1']],
    ['status=4XX', ['3', '4']],
    ['status=429', ['3']],
    ['request_id=request-2', ['2']],
    ['model_like=claude&status=429&channel_id=6', ['3']],
    ['model_like=%25', ['2']],
    ['model_like=_', ['2']],
    ['model_like=%5C', ['2']],
    ['model_like=%25%25', []],
    ["model=' OR 1=1 --", []],
    ['model_like=") OR 1=1 --', []],
    ['channel_id=999999999999999', []],
  ])('for ?%s shows %j', async (query, ids) => {
    expect(await idsFor(query)).toEqual(ids);
  });

  it.each([
    ['hours=0', 'hours must be a whole number from 1 to 720'],
    ['hours=721', 'hours must be a whole number from 1 to 720'],
    ['hours=1.5', 'hours must be a whole number from 1 to 720'],
    ['hours=1e2', 'hours must be a whole number from 1 to 720'],
    ['hours=-1', 'hours must be a whole number from 1 to 720'],
    ['hours=1&hours=2', 'hours must be a whole number from 1 to 720'],
    ['limit=0', 'limit must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['limit=all', 'limit must be a whole number from 1 to 1000'],
    ['limit=99999999999999999999', 'limit must be a whole number from 1 to 1000'],
    ['offset=-1', 'offset must be a whole number from 0 to 1000000000'],
    ['channel_id=x', 'channel_id must be a whole number from 0 to 9007199254740991'],
    ['status=3xx', 'status must be 2xx, 4xx, 5xx or a code from 100 to 599'],
    ['status=99', 'status must be 2xx, 4xx, 5xx or a code from 100 to 599'],
    ['status=200&status=500', 'status must be 2xx, 4xx, 5xx or a code from 100 to 599'],
    ['model=a&model=b', 'model must be text of 1 to 256 characters without control characters'],
    [`model=${'x'.repeat(257)}`, 'model must be text of 1 to 256 characters without control characters'],
    ['model=%00', 'model must be text of 1 to 256 characters without control characters'],
    ['model[$gt]=a', 'model[$gt] is not a known field'],
    ['order=id', 'order is not a known field'],
  ])('refuses ?%s', async (query, sentence) => {
    const { body } = await admin.operator.get(`/admin/logs?${query}`).expect(400);
    expect(body).toEqual({ success: false, data: null, error: sentence });
  });
});

describe('hostile filters', () => {
  const long = 'model must be text of 1 to 256 characters without control characters';

  it.each([
    'model_like=%25_%25_%25',
    'model_like=%5C%25',
    'model_like=' + '%25'.repeat(256),
    'channel_name_like=' + '_'.repeat(256),
    'model=%E2%80%AE%E2%81%A6',
    'model=%F0%9F%92%A3',
    'model=%3Cscript%3Ealert(1)%3C/script%3E',
    'model=%22;DROP TABLE logs;--',
    "model_like=x' ESCAPE 'x",
    'request_id=%25',
    'request_id=..%2F..%2Fetc%2Fpasswd',
    'channel_id=999999999999999&status=599',
    'model=__proto__',
  ])('find nothing and break nothing: ?%s', async (query) => {
    expect(await idsFor(query)).toEqual([]);
  });

  it.each([
    ['model=a%00b', long],
    ['model=%0A', long],
    ['model=%7F', long],
    ['model=%C2%85', long],
    ['model=%E2%80%A8', long],
    [`model=${'%F0%9F%92%A3'.repeat(129)}`, long],
    [`model=${'x'.repeat(10_000)}`, long],
    ['offset=1000000001', 'offset must be a whole number from 0 to 1000000000'],
    ['offset=1e9', 'offset must be a whole number from 0 to 1000000000'],
    ['status=2xx,5xx', 'status must be 2xx, 4xx, 5xx or a code from 100 to 599'],
    ['status=%25', 'status must be 2xx, 4xx, 5xx or a code from 100 to 599'],
    ['hours=24&limit[]=1', 'limit[] is not a known field'],
  ])('are refused with a sentence: ?%s', async (query, sentence) => {
    const { body } = await admin.operator.get(`/admin/logs?${query}`).expect(400);
    expect(body.error).toBe(sentence);
  });

  it.each(['__proto__=1', '__proto__[model]=x', 'constructor=1'])('named like what every object has reach no filter: ?%s', async (query) => {
    const { body, status } = await admin.operator.get(`/admin/logs?${query}`);
    expect(status === 400 || body.count === 4).toBe(true);
  });

  it('for a page far beyond the last row get an empty one, and the count', async () => {
    const { body } = await admin.operator.get('/admin/logs?offset=1000000000&limit=1000').expect(200);
    expect([body.count, body.data]).toEqual([4, []]);
  });

  it('of a megabyte are refused before anybody reads them', async () => {
    const answer = await admin.operator.get(`/admin/logs?model=${'x'.repeat(1_000_000)}`).then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error ? 431 : undefined),
    );
    expect(answer).toBe(431);
    await admin.operator.get('/admin/logs').expect(200);
  });

  it('that are no UTF-8 are not a bug of ours', async () => {
    const { status } = await admin.operator.get('/admin/logs?model=%FF%FE');
    expect([200, 400]).toContain(status);
  });
});

describe('a request that tried several channels', () => {
  it('is found by its id, attempt by attempt, with the trace of the decisions on its final row', async () => {
    const own = await startAdmin();
    const trace = [
      { channelId: 1, channelName: 'one', note: 'tried first' },
      { channelId: 2, channelName: 'two', note: 'cooling for another 12 s: rate limit' },
      { channelId: 3, channelName: 'three', note: 'next in turn' },
    ];
    const time = Date.now() - minuteMs;
    await own.database.remote('logs').append([
      anAttempt({ requestId: 'several', time, attempt: 1, final: false, channelId: 1, statusCode: 529, trace: undefined }),
      anAttempt({ requestId: 'other', time }),
      anAttempt({ requestId: 'several', time: time + 5, attempt: 2, channelId: 3, trace }),
    ]);
    const { body } = await own.operator.get('/admin/logs?request_id=several').expect(200);
    expect(body).toMatchObject({
      count: 2,
      data: [
        { attempt: 2, final: true, trace: [{ channel_id: 1 }, { channel_id: 2, note: 'cooling for another 12 s: rate limit' }, { channel_id: 3 }] },
        { attempt: 1, final: false, trace: null },
      ],
    });
    expect((await own.operator.get('/admin/logs?request_id=several&status=529').expect(200)).body.count).toBe(1);
    expect((await own.operator.get('/admin/logs?request_id=several&limit=1&offset=1').expect(200)).body.data).toMatchObject([{ attempt: 1 }]);
  });
});

describe('what the data plane recorded last', () => {
  it('is stored before the program ends', async () => {
    const first = await startAdmin();
    first.app.get(BufferedCallSink).record([anAttempt()]);
    const second = await first.restarted();
    expect((await second.operator.get('/admin/logs').expect(200)).body.count).toBe(1);
  });
});

describe('log retention', () => {
  it('removes what is older than the days that are kept, and nothing else', async () => {
    const short = await startAdmin({ LOG_RETENTION_DAYS: '1' });
    const old = Array.from({ length: 2_500 }, () => anAttempt({ time: Date.now() - 25 * hourMs }));
    await short.database.remote('logs').append([...old, anAttempt({ time: Date.now() - 23 * hourMs })]);
    await short.app.get(TrendRollup).rollUp();
    expect(await short.app.get(LogRetention).removeOld()).toBe(2_500);
    expect((await short.operator.get('/admin/logs?hours=720').expect(200)).body.count).toBe(1);
  });
});

describe('the public summary', () => {
  it('counts client requests, not attempts, and what is active, without a session', async () => {
    await admin.operator.post('/admin/channels').send(aChannel({ models: ['m', 'n'] })).expect(201);
    await admin.operator.post('/admin/channels').send(aChannel({ models: ['o'], enabled: false })).expect(201);
    const answer = await admin.anonymous.get('/public/summary').expect(200);
    expect(answer.body).toEqual({
      success: true,
      data: { total_requests: 3, success_requests: 1, error_requests: 1, active_channels: 1, active_models: 2, hours: 24 },
    });
  });

  it('does not ask the table for everybody who asks', async () => {
    const fresh = await startAdmin();
    await fresh.anonymous.get('/public/summary').expect(200);
    await fresh.database.remote('logs').append([anAttempt()]);
    expect((await fresh.anonymous.get('/public/summary').expect(200)).body.data.total_requests).toBe(0);
  });
});
