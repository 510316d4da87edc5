import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptSpanIdOf } from '../../src/domain/trace-context.js';
import { send, type Answer } from '../support/client.js';
import { attributesOf, FakeCollector } from '../support/fake-collector.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json, type HeaderLines } from '../support/script.js';
import { until } from '../support/until.js';

/* What a collector is sent about model calls, and what upstreams and clients notice of it: nothing, unless they are to. */

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = (sampled: boolean): readonly [string, string] => ['traceparent', `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`];

const ok = json(200, { id: 'x', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }], usage: { prompt_tokens: 7, completion_tokens: 5 } });
const limited = json(429, { error: { message: 'slow down', type: 'rate_limit_error' } });

let collector: FakeCollector;
beforeAll(async () => {
  collector = await FakeCollector.start();
});
afterAll(() => collector.close());

const environment = (changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
  ...changes,
});

const ask = (gateway: Gateway, model: string, headers: HeaderLines = []): Promise<Answer> =>
  send(gateway.port, { path: '/v1/chat/completions', headers: [['authorization', `Bearer ${clientToken}`], ...headers], body: JSON.stringify({ model }) });

const requestIdOf = ({ header }: Answer): string | undefined => header('x-ccload-request-id');

const pointsOf = (from: FakeCollector, name: string): readonly { readonly attributes: Readonly<Record<string, unknown>>; readonly value: number }[] => {
  const metric = from.metrics.find((found) => found.name === name);
  return (metric?.sum ?? metric?.gauge)?.dataPoints.map(({ attributes, asDouble }) => ({ attributes: attributesOf(attributes), value: asDouble })) ?? [];
};

describe('with a collector', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway({ env: environment() });
  });
  afterAll(() => gateway.end());

  it('a call that went to a second channel is a trace with a span for each attempt', async () => {
    const [first, second] = [await gateway.upstream(limited), await gateway.upstream(ok)];
    const { model, ids } = await gateway.serve(first.url, second.url);
    const requestId = requestIdOf(await ask(gateway, model));

    const [call, ...attempts] = await collector.callSpans(requestId);
    expect(call?.traceId).toBe(requestId?.replaceAll('-', ''));
    expect(attributesOf(call?.attributes)).toMatchObject({ 'ccload.attempts': 2, 'http.response.status_code': 200, 'gen_ai.request.model': model, 'gen_ai.usage.output_tokens': 5 });
    expect(attempts.map(({ attributes }) => attributesOf(attributes)['ccload.channel.id'])).toEqual(ids);
    expect(attempts.map(({ attributes }) => attributesOf(attributes)['ccload.outcome'])).toEqual(['rate_limited', 'success']);
    const times = [call, ...attempts].flatMap((span) => [BigInt(span?.startTimeUnixNano ?? 0), BigInt(span?.endTimeUnixNano ?? 0)]);
    expect(times.every((time) => time >= (times[0] ?? 0n) && time <= (times[1] ?? 0n))).toBe(true);
  });

  it('the trace of the client goes on, and the upstream hears nothing of it', async () => {
    const upstream = await gateway.upstream(ok);
    const { model } = await gateway.serve(upstream.url);
    const requestId = requestIdOf(await ask(gateway, model, [traceparent(true), ['tracestate', 'a=1'], ['x-other', 'stays']]));

    const [call, attempt] = await collector.callSpans(requestId);
    expect(call).toMatchObject({ traceId, parentSpanId: parentId, traceState: 'a=1' });
    expect(attempt).toMatchObject({ traceId, parentSpanId: call?.spanId });
    const received = await upstream.received(1);
    expect([received.values('traceparent'), received.values('tracestate'), received.values('x-other')]).toEqual([[], [], ['stays']]);
  });

  it('a client that records nothing is not recorded', async () => {
    const { model } = await gateway.serve((await gateway.upstream(ok)).url);
    const quiet = requestIdOf(await ask(gateway, model, [traceparent(false)]));
    const loud = requestIdOf(await ask(gateway, model));
    await collector.callSpans(loud);
    const recorded = collector.spans.map(({ attributes }) => attributesOf(attributes)['ccload.request_id']);
    expect([recorded.includes(loud), recorded.includes(quiet)]).toEqual([true, false]);
  });

  it('a request that never became a call has no trace, one that no channel serves has', async () => {
    const refused = await send(gateway.port, { path: '/v1/chat/completions', headers: [['authorization', 'Bearer wrong']], body: '{"model":"m"}' });
    const unserved = await ask(gateway, 'nobody-serves-this');
    const [call, ...attempts] = await collector.callSpans(requestIdOf(unserved));
    expect([call?.status.code, attempts]).toEqual([2, []]);
    expect(collector.text).not.toContain(requestIdOf(refused));
  });

  it('the metrics come again and again, under the names and with the numbers of /metrics', async () => {
    const { model } = await gateway.serve((await gateway.upstream(ok)).url);
    await ask(gateway, model);
    const sample = /^ccload_requests_total\{dialect="openai",outcome="success"\} (\d+)$/m.exec(await (await fetch(`${gateway.url}/metrics`)).text())?.[1];
    const value = await until('a report as new as /metrics', () => {
      const point = pointsOf(collector, 'ccload_requests_total').find(({ attributes }) => attributes['dialect'] === 'openai' && attributes['outcome'] === 'success');
      return point !== undefined && point.value >= Number(sample) ? point.value : undefined;
    }, 10_000);
    expect(value).toBe(Number(sample));
    expect(value).toBeGreaterThan(0);

    const page = await (await fetch(`${gateway.url}/metrics`)).text();
    const families = [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const sent = new Set(collector.metrics.map(({ name }) => name));
    // What Node has under way may be there in one moment and not in the next.
    const expected = families.filter((name = '') => !/^ccload_nodejs_(active|gc)_/.test(name));
    expect(expected.filter((name = '') => !sent.has(name))).toEqual([]);
    expect(expected.length).toBeGreaterThan(40);
  });
});

describe('with other settings', () => {
  it('protobuf, headers and names reach the collector, before the program has ended; and upstreams are told of the span of their attempt', async () => {
    const gateway = await startGateway({
      env: environment({
        OTEL_EXPORTER_OTLP_PROTOCOL: '',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
        OTEL_SERVICE_NAME: 'the-gateway',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
        CCLOAD_PASS_TRACEPARENT: 'true',
      }),
    });
    const [first, second] = [await gateway.upstream(limited), await gateway.upstream(ok)];
    const { model } = await gateway.serve(first.url, second.url);
    const requestId = requestIdOf(await ask(gateway, model, [traceparent(true), ['tracestate', 'a=1']])) ?? 'none';
    const received = [await first.received(1), await second.received(1)];
    await gateway.end();

    const sent = collector.exports.filter(({ headers }) => headers['content-type'] === 'application/x-protobuf');
    expect([...new Set(sent.map(({ path }) => path))].sort()).toEqual(['/v1/metrics', '/v1/traces']);
    expect(sent.filter(({ headers }) => headers['authorization'] !== 'Bearer of-the-collector')).toEqual([]);
    const spans = sent.find(({ path }) => path === '/v1/traces')?.body ?? Buffer.alloc(0);
    expect(['the-gateway', 'staging', requestId, model].filter((part) => !spans.includes(part))).toEqual([]);
    expect(gateway.process.output).not.toContain('of-the-collector');

    const attempts = [attemptSpanIdOf(requestId, 1), attemptSpanIdOf(requestId, 2)];
    expect(attempts.filter((id) => !spans.includes(Buffer.from(id, 'hex')))).toEqual([]);
    expect(received.map((request) => request.values('traceparent'))).toEqual(attempts.map((id) => [`00-${traceId}-${id}-01`]));
    expect(received.map((request) => request.values('tracestate'))).toEqual([['a=1'], ['a=1']]);
  });
});
