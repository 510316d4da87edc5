import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { telemetryConfig } from '../../src/config/telemetry-config.js';
import { VariableReader, type Environment } from '../../src/config/variable-reader.js';
import { openTelemetry, type OpenTelemetry } from '../../src/telemetry/open-telemetry.js';
import { attemptRecord } from '../support/attempt-record.js';
import { attributesOf, FakeCollector, type Manner } from '../support/fake-collector.js';
import { until } from '../support/until.js';

/* Telemetry alone, against a collector on a real socket: what is sent, and what happens when it is not taken. */

const running: { close(withinMs?: number): Promise<unknown> }[] = [];
afterAll(async () => {
  for (const one of running) await one.close(100);
});

interface Started {
  readonly collector: FakeCollector;
  readonly telemetry: OpenTelemetry;
  /** Warnings and good news, in order. */
  readonly told: readonly string[];
  record(calls: number): void;
}

const startWith = async (manner: Manner, env: Environment = {}): Promise<Started> => {
  const collector = await FakeCollector.start();
  collector.manner = manner;
  const reader = new VariableReader({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TIMEOUT: manner === 'hangs' ? '100' : '10000', OTEL_METRIC_EXPORT_INTERVAL: '100', ...env });
  const config = telemetryConfig(reader);
  if (config === undefined) throw new Error('expected telemetry to be on');
  const told: string[] = [];
  const tell = (sentence: string): void => void told.push(sentence);
  const readMetrics = () => Promise.resolve([{ name: 'n', help: 'h', type: 'gauge', values: [{ value: 1, labels: {} }] }]);
  const telemetry = openTelemetry({ config, version: '1.2.3', allowLinkLocal: false, readMetrics, warn: tell, inform: tell });
  running.push(telemetry, collector);
  const record = (calls: number): void => {
    for (let at = 0; at < calls; at += 1) for (const sink of telemetry.sinks) sink.record([attemptRecord()]);
  };
  return { collector, telemetry, told, record };
};

describe('what is sent', () => {
  it('says who reports, and what the operator has set stands', async () => {
    const { collector, telemetry, record } = await startWith(200, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=ignored,service.version=7,team=a', OTEL_SERVICE_NAME: 'gateway' });
    record(1);
    await telemetry.close();
    const sent = JSON.parse(collector.exports.find(({ path }) => path === '/v1/traces')?.body.toString() ?? '{}');
    expect(attributesOf(sent.resourceSpans[0].resource.attributes)).toEqual({
      'service.name': 'gateway',
      'service.version': '7',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'telemetry.sdk.name': 'ccload',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': '1.2.3',
      team: 'a',
    });
    expect(sent.resourceSpans[0].scopeSpans[0].scope).toEqual({ name: 'ccload', version: '1.2.3' });
  });

  it('are the spans of all calls, each once, also of many at a time', async () => {
    const { collector, telemetry, record } = await startWith(200);
    record(500);
    expect(await telemetry.close()).toBe(0);
    expect(collector.spans).toHaveLength(1_000);
    expect(telemetry.counters).toEqual({ sent: 1_000, dropped: 0 });
  });
});

describe('what is not wanted', () => {
  it('is not sent', async () => {
    const { collector, telemetry, record } = await startWith(200, { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' });
    record(1);
    await telemetry.close();
    expect([telemetry.sinks, collector.connections]).toEqual([[], 0]);
  });
});

describe('a collector that', () => {
  it.each<readonly [string, Manner, string]>([
    ['answers with 400', 400, 'it answers with status 400'],
    ['answers with 401', 401, 'it answers with status 401'],
    ['answers with 429', 429, 'it answers with status 429'],
    ['answers with 500', 500, 'it answers with status 500'],
    ['answers with 503', 503, 'it answers with status 503'],
    ['redirects', 307, 'it answers with status 307'],
    ['hangs', 'hangs', 'no answer in time'],
  ])('%s is told of once', async (_how, manner, problem) => {
    const { collector, told, record } = await startWith(manner);
    record(3);
    await until('exports of both kinds, and more', () => (new Set(collector.exports.map(({ path }) => path)).size === 2 && collector.exports.length >= 4 ? true : undefined));
    await until('the warning', () => told[0]);
    await pause(150);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(problem);
  });

  it('will never take a message does not get it twice', async () => {
    const { collector, telemetry, record } = await startWith(400, { OTEL_METRICS_EXPORTER: 'none' });
    record(1);
    await until('the spans to be given up', () => (telemetry.counters.dropped === 2 ? true : undefined));
    expect(collector.exports).toHaveLength(1);
  });

  it('hangs leaves a bounded number of calls in memory, and the end is not held up', async () => {
    const { telemetry, record } = await startWith('hangs', { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' });
    record(100_000);
    expect(telemetry.counters.dropped).toBe(2 * (100_000 - 2_048));
    const startedAt = performance.now();
    expect(await telemetry.close(100)).toBe(2_048);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('is at a link-local address is not connected to', async () => {
    const { telemetry, told, record } = await startWith(200, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://169.254.169.254' });
    record(1);
    await telemetry.close();
    expect(told).toEqual([expect.stringContaining('its address is not allowed')]);
    expect(telemetry.counters).toEqual({ sent: 0, dropped: 2 });
  });
});
