import { describe, expect, it } from '@jest/globals';
import { CallFanout } from '../../src/logs/call-fanout.js';
import { MemoryCooldownBook } from '../../src/cooldown/memory-cooldown-book.js';
import { startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { attemptRecord } from '../support/attempt-record.js';

const metricsOf = async ({ anonymous }: AdminUnderTest): Promise<string> => (await anonymous.get('/metrics').expect(200)).text;

describe('the metrics', () => {
  it('tell in Prometheus text what calls came to', async () => {
    const admin = await startAdmin();
    const evil = 'a"b\\c\nd';
    admin.app.get(CallFanout).record([
      attemptRecord({ time: 0, final: false, statusCode: 529, channelName: evil, usage: undefined }),
      attemptRecord({ time: 1_000, channelName: 'plain', isStreaming: true, durationMs: 4_000, firstByteMs: 500 }),
    ]);
    const text = await metricsOf(admin);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE ccload_requests_total counter',
        'ccload_requests_total{dialect="anthropic",outcome="success"} 1',
        'ccload_requests_total{dialect="openai",outcome="success"} 0',
        'ccload_attempts_total{channel="a\\"b\\\\c\\nd",class="server_error"} 1',
        'ccload_tokens_total{channel="plain",kind="cache_read"} 3',
        '# TYPE ccload_request_duration_seconds histogram',
        'ccload_request_duration_seconds_bucket{kind="streaming",le="2.5"} 0',
        'ccload_request_duration_seconds_bucket{kind="streaming",le="5"} 1',
        'ccload_request_duration_seconds_bucket{kind="streaming",le="+Inf"} 1',
        'ccload_request_duration_seconds_sum{kind="streaming"} 5',
        'ccload_first_byte_seconds_count{kind="streaming"} 1',
        'ccload_log_rows_queued 2',
        'ccload_log_rows_dropped_total 0',
        'ccload_database_calls_pending 0',
        'ccload_calls_refused_total 0',
        'ccload_streams_under_way 0',
        'ccload_cooldowns{scope="channel"} 0',
      ]),
    );
    expect(text).toMatch(/ccload_nodejs_eventloop_lag_p99_seconds \d/);
  });

  it('begin with ccload_, all of them, and count nothing twice when they are asked for twice', async () => {
    const admin = await startAdmin();
    admin.app.get(CallFanout).record([attemptRecord()]);
    await metricsOf(admin);
    const text = await metricsOf(admin);
    const names = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(names.filter((line) => !line.startsWith('ccload_'))).toEqual([]);
    expect(text).toContain('ccload_requests_total{dialect="anthropic",outcome="success"} 1\n');
  });

  it('count cooldowns while they last', async () => {
    const admin = await startAdmin();
    const book = admin.app.get(MemoryCooldownBook, { strict: false });
    book.set(1, 60_000, Date.now());
    book.penalise({ channelId: 1, model: 'm', startedAt: Date.now() }, { scope: 'model', firstMs: 60_000, reason: 'x' }, Date.now());
    book.set(2, 1, Date.now() - 1_000);
    expect(await metricsOf(admin)).toContain('ccload_cooldowns{scope="channel"} 1\nccload_cooldowns{scope="model"} 1\n');
  });

  it('never name a model that a client sent', async () => {
    const admin = await startAdmin();
    admin.app.get(CallFanout).record([attemptRecord({ model: 'invented-by-client' })]);
    expect(await metricsOf(admin)).not.toContain('invented');
  });

  it('want their token when there is one, and no session instead', async () => {
    const admin = await startAdmin({ CCLOAD_METRICS_TOKEN: 'metrics-secret' });
    for (const authorization of ['', 'Bearer wrong', 'Basic metrics-secret', 'Bearer metrics-secret2']) {
      const { body } = await admin.operator.get('/metrics').set('authorization', authorization).expect(401);
      expect(body).toEqual({ success: false, data: null, error: 'send the token of CCLOAD_METRICS_TOKEN as Authorization: Bearer' });
    }
    const answer = await admin.anonymous.get('/metrics').set('authorization', 'Bearer metrics-secret').expect(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
