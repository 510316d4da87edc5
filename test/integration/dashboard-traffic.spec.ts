import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRecord } from '../../src/domain/call.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { attemptRecord } from '../support/attempt-record.js';

const hostile = '<img src=x onerror=alert(1)>"\'&';
const requestId = '01990000-0000-7000-8000-00000000abcd';
const otherId = (at: number): string => `01990000-0000-7000-8000-${String(at).padStart(12, '0')}`;

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
  await admin.operator.post('/admin/channels').send(aChannel({ name: 'first', api_key: 'sk-secret-of-the-first' })).expect(201);
  await admin.operator.post('/admin/channels').send(aChannel({ name: 'second' })).expect(201);
  const now = Date.now();
  const rows: readonly Partial<AttemptRecord>[] = [
    ...Array.from({ length: 60 }, (_, at) => ({ time: now - hourMs - at * minuteMs, requestId: otherId(at), channelName: 'first', model: 'claude' })),
    { time: now - 20 * minuteMs, requestId, final: false, channelName: 'first', model: 'gpt', statusCode: 429, message: 'upstream answered 429', usage: undefined, firstByteMs: undefined },
    {
      time: now - 20 * minuteMs + 1_000,
      requestId,
      attempt: 2,
      channelId: 2,
      channelName: 'second',
      model: 'gpt',
      trace: [{ channelId: 2, channelName: 'second', note: 'chosen: next in turn' }],
    },
    { time: now - 2_000, requestId: otherId(99), attempt: 0, channelId: undefined, channelName: undefined, model: hostile, statusCode: 503, message: hostile, usage: undefined },
  ];
  await admin.database.remote('logs').append(rows.map((changes) => attemptRecord(changes)));
});

const page = async (path: string, status = 200): Promise<string> => {
  const { text } = await admin.operator.get(path).set('Accept', 'text/html').expect(status).expect('Content-Type', 'text/html; charset=utf-8');
  return text;
};

const rowsOf = (html: string): number => html.split('<tr data-id=').length - 1;

describe('the page of the log', () => {
  it.each(['/web/logs', '/web/logs.html'])('answers at %s with the newest attempts and how many there are', async (path) => {
    const html = await page(path);
    expect(rowsOf(html)).toBe(50);
    expect(html).toContain('63 entries');
    expect(html).toContain('1–50 of 63');
    expect(html).toContain('429 Rate limit');
  });

  it('has further pages, and says so when there are fewer by now', async () => {
    const second = await page('/web/logs?page=2');
    expect(rowsOf(second)).toBe(13);
    expect(second).toContain('rel="prev" href="/web/logs?hours=24"');
    expect(second).not.toContain('rel="next"');
    expect(await page('/web/logs?page=900')).toContain('This page is empty');
  });

  it.each([
    ['status=429', 1],
    ['status=5xx', 1],
    ['channel_id=2', 1],
    ['channel_id=0', 1],
    ['model_like=gp', 2],
    [`request_id=${requestId}`, 2],
    ['model_like=claude&status=4xx', 0],
    ['hours=1', 3],
  ])('shows what %s asks for, and keeps it in the form', async (query, rows) => {
    const html = await page(`/web/logs?${query}`);
    expect(rowsOf(html)).toBe(rows);
    const [name = '', value = ''] = query.split('&')[0]?.split('=') ?? [];
    expect(html).toMatch(new RegExp(`name="${name}"[^>]*value="${value}"|name="${name}"[^]*?value="${value}" selected`));
  });

  it.each([
    ['hours=9999', 'Choose 1 to 720 hours.'],
    ['status=teapot', 'Enter 2xx, 4xx, 5xx or a code from 100 to 599.'],
    ['channel_id=first', 'Choose a channel of the list.'],
  ])('comes back with a sentence for %s', async (query, sentence) => {
    const html = await page(`/web/logs?${query}`, 400);
    expect(html).toContain(sentence);
    expect(rowsOf(html)).toBe(0);
  });

  it('says what to do when nothing matches, and when nothing has happened yet', async () => {
    expect(await page('/web/logs?model_like=nothing-like-it')).toContain('Nothing matches');
    const own = await startAdmin();
    expect((await own.operator.get('/web/logs').expect(200)).text).toContain('No request yet');
  });

  it('shows names and messages as text, whatever a client called its model', async () => {
    const html = await page('/web/logs');
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('speaks Chinese', async () => {
    const { text } = await admin.operator.get('/web/logs').set('Cookie', 'ccload_language=zh').set('Accept-Language', 'zh-CN').expect(200);
    expect(text).toContain('lang="zh-CN"');
    expect(text).toContain('429 触发限流');
  });
});

describe('the page of a request', () => {
  it('shows every attempt, the decisions, the tokens and who asked', async () => {
    const html = await page(`/web/logs/${requestId}`);
    for (const text of ['429 Rate limit', '200 OK', 'chosen: next in turn', 'Cache read', '127.0.0.1', 'token 1']) expect(html).toContain(text);
    expect(html.match(/class="waterfall"/g)).toHaveLength(2);
    expect(html.match(/<line /g)).toHaveLength(1);
  });

  it.each(['/web/logs/gone', `/web/logs/${'x'.repeat(300)}`, '/web/logs/%00', '/web/logs/..%2f..%2fetc'])('does not exist where there is none (%#)', async (path) => {
    const { status } = await admin.operator.get(path).set('Accept', 'text/html');
    expect(status).toBe(404);
  });

  it('shows no key', async () => {
    for (const path of ['/web/logs', `/web/logs/${requestId}`, '/web/stats', '/web/trend']) expect(await page(path)).not.toContain('sk-secret');
  });
});

describe('the page of the statistics', () => {
  const orderOf = (html: string): readonly string[] => [...html.matchAll(/<th scope="row" title="([^"]*)"/g)].map((match) => match[1] ?? '');

  it('has a row per channel and model, and what they come to', async () => {
    const html = await page('/web/stats');
    expect(orderOf(html)).toEqual(['first', 'No channel tried', 'second']);
    expect(html).toMatch(/<tfoot>[^]*62[^]*<\/tfoot>/);
  });

  it('is sorted as the address says, and each heading leads to another order', async () => {
    const html = await page('/web/stats?sort=channel&order=desc');
    expect(orderOf(html)).toEqual(['second', 'first', 'No channel tried']);
    expect(html).toContain('aria-sort="descending"');
    expect(html).toContain('href="/web/stats?sort=channel&amp;order=asc"');
  });

  it('refuses a span that there cannot be, in a sentence', async () => {
    expect(await page('/web/stats?hours=0', 400)).toContain('Choose 1 to 720 hours.');
  });

  it('says what to do when there is nothing', async () => {
    const own = await startAdmin();
    expect((await own.operator.get('/web/stats').expect(200)).text).toContain('No request in this time');
  });
});

describe('the page of the trend', () => {
  // The step under way is left out where an earlier one has requests, and requests were made two hours ago.
  it.each([[6, 71], [24, 95], [168, 167]])('shows %d hours in %d points, as a chart and as a table', async (hours, points) => {
    const html = await page(`/web/trend?hours=${hours}`);
    const [, table = ''] = html.split('id="chart-table-requests"');
    expect(table.split('</table>')[0]?.match(/<time /g)).toHaveLength(points);
    expect(html.match(/data-chart=/g)).toHaveLength(4);
  });

  it('compares channels', async () => {
    const html = await page('/web/trend?hours=6&channel=1&channel=2');
    const [, table = ''] = html.split('id="chart-table-requests"');
    expect(table).toMatch(/data-tone="line-1">first<[^]*data-tone="line-2">second</);
    const sums = [0, 0];
    for (const match of (table.split('</table>')[0] ?? '').matchAll(/data-value="(\d+)">[^<]*<\/td><td class="number" data-value="(\d+)"/g)) {
      sums[0] = (sums[0] ?? 0) + Number(match[1]);
      sums[1] = (sums[1] ?? 0) + Number(match[2]);
    }
    expect(sums).toEqual([60, 1]);
  });

  it('refuses a span that there cannot be, in a sentence', async () => {
    expect(await page('/web/trend?hours=never', 400)).toContain('Choose 1 to 720 hours.');
  });
});
