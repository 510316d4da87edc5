import { afterAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { FakeCollector } from '../support/fake-collector.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';
import { until } from '../support/until.js';

/* A collector that is away, broken or not wanted: calls are served all the same, and nobody is flooded. */

const loadedModules = new URL('../support/loaded-modules.mjs', import.meta.url);
const ok = json(200, { id: 'x', choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }] });
const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const gateways: Gateway[] = [];
afterAll(async () => {
  for (const gateway of gateways) await gateway.end();
});

const start = async (env: Readonly<Record<string, string>>, preload?: URL): Promise<Gateway> => {
  const gateway = await startGateway({ env, ...(preload === undefined ? {} : { preload }) });
  gateways.push(gateway);
  return gateway;
};

const callsOf = async (gateway: Gateway, calls: number) => {
  const upstream = await gateway.upstream(ok);
  const { model } = await gateway.serve(upstream.url);
  const ask = { path: '/v1/chat/completions', headers: [['authorization', `Bearer ${clientToken}`], ['traceparent', parent], ['tracestate', 'a=1']] as const, body: JSON.stringify({ model }) };
  const answers = [];
  for (let at = 0; at < calls; at += 1) answers.push(await send(gateway.port, ask));
  return { statuses: new Set(answers.map(({ status }) => status)), received: await upstream.received(1) };
};

const warningsOf = ({ process }: Gateway): readonly string[] => process.output.split('\n').filter((line) => line.includes('WARN') && line.includes('OpenTelemetry'));

/** Loaded files of telemetry, by their names. */
const loadedOf = ({ process }: Gateway): readonly string[] =>
  process.output.split('\n').flatMap((line) => /^loaded: .*\/dist\/src\/telemetry\/(.+)$/.exec(line)?.[1] ?? []);

describe('without a collector in the settings', () => {
  it('nothing of OpenTelemetry is loaded, nobody connected to, and trace headers are relayed like all others', async () => {
    const collector = await FakeCollector.start();
    const meantForOthers = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_METRIC_EXPORT_INTERVAL: '100' };
    const gateway = await start(meantForOthers, loadedModules);
    const { received } = await callsOf(gateway, 3);
    await gateway.end();
    await collector.close();
    expect(collector.connections).toBe(0);
    expect([received.values('traceparent'), received.values('tracestate')]).toEqual([[parent], ['a=1']]);
    expect([...loadedOf(gateway)].sort()).toEqual(['telemetry.module.js', 'telemetry.service.js']);
    expect(gateway.process.output).not.toMatch(/^loaded: .*@opentelemetry\/(?!api\/)/m);
  });
});

describe('a collector', () => {
  it('that hangs costs no call and one warning, and does not hold up the end', async () => {
    const collector = await FakeCollector.start();
    collector.manner = 'hangs';
    const gateway = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_EXPORTER_OTLP_TIMEOUT: '300' });
    const { statuses } = await callsOf(gateway, 20);
    await until('exports of both kinds that fail', () => (new Set(collector.exports.map(({ path }) => path)).size === 2 && collector.exports.length >= 4 ? true : undefined), 10_000);
    await until('a warning', () => warningsOf(gateway)[0], 10_000);
    await gateway.end();
    await collector.close();
    expect([...statuses]).toEqual([200]);
    expect(warningsOf(gateway)).toHaveLength(1);
  });

  it('that is away costs one warning without its address, is told of again when it comes, and gets what has waited', async () => {
    const url = await closedPortUrl();
    const gateway = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_METRIC_EXPORT_INTERVAL: '100' }, loadedModules);
    // The look that finds nothing without a collector finds this with one.
    expect(loadedOf(gateway)).toEqual(expect.arrayContaining(['open-telemetry.js', 'span-sink.js', 'otlp-protobuf.js']));
    const { statuses } = await callsOf(gateway, 5);
    const warning = await until('a warning', () => warningsOf(gateway)[0], 10_000);
    const collector = await FakeCollector.start(Number(new URL(url).port));
    await until('the spans of five calls', () => (collector.spans.length === 10 ? true : undefined), 15_000);
    await until('the good news', () => (gateway.process.output.includes('takes everything again') ? true : undefined), 10_000);
    await gateway.end();
    await collector.close();
    expect([...statuses]).toEqual([200]);
    expect(warning).toContain('ECONNREFUSED');
    expect(warning).not.toContain(new URL(url).port);
    expect(warningsOf(gateway)).toHaveLength(1);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /OTEL_EXPORTER_OTLP_PROTOCOL must be one of http\/protobuf, http\/json, got "grpc"/],
  ])('with settings that cannot be used, %j, stops the start with a sentence', async (env, sentence) => {
    await expect(startGateway({ env })).rejects.toThrow(sentence);
  });
});
