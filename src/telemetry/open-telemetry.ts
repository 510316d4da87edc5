import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TelemetryConfig } from '../config/telemetry-config.js';
import type { CallSink, TraceHeaders } from '../domain/ports.js';
import { secondMs } from '../domain/time.js';
import { spansOf, type FinishedCall } from './call-spans.js';
import { Collector } from './collector.js';
import { CollectorNews, type CollectorNewsOptions } from './collector-news.js';
import { KeptTraceHeaders } from './kept-trace-headers.js';
import { metricsOf, type MetricFamily } from './metric-messages.js';
import { MetricReporter } from './metric-reporter.js';
import { text, type KeyValue, type MetricsRequest, type Resource, type Scope, type TraceRequest } from './otlp.js';
import { SpanSink, type SpanCounters } from './span-sink.js';

/** How long shutting down waits for the last spans and metrics together. */
const lastExportMsMax = 5 * secondMs;

export interface OpenTelemetryTerms extends CollectorNewsOptions {
  readonly config: TelemetryConfig;
  /** Of this program. */
  readonly version: string;
  readonly allowLinkLocal: boolean;
  readonly readMetrics: () => Promise<readonly MetricFamily[]>;
}

/** Telemetry at work: what the data plane hands its finished calls to, and what becomes of trace headers. */
export interface OpenTelemetry {
  readonly sinks: readonly CallSink[];
  readonly headers: TraceHeaders;
  readonly counters: SpanCounters;
  /** Sends what is left, within `withinMs`; resolves with the number of calls whose spans were not sent. */
  close(withinMs?: number): Promise<number>;
}

const scopeName = 'ccload';

/** Who reports. What the operator sets stands; an instance has a new name with every start. */
const resourceOf = ({ serviceName, resource }: TelemetryConfig, version: string): Resource => {
  const own: readonly (readonly [string, string])[] = [
    ['service.name', serviceName ?? 'ccload'],
    ['service.version', version],
    ['service.instance.id', randomUUID()],
    ['telemetry.sdk.name', scopeName],
    ['telemetry.sdk.language', 'nodejs'],
    ['telemetry.sdk.version', version],
  ];
  const merged = new Map([...own, ...resource, ...(serviceName === undefined ? [] : own.slice(0, 1))]);
  return { attributes: [...merged].map(([key, value]): KeyValue => text(key, value)) };
};

class RunningTelemetry implements OpenTelemetry {
  readonly sinks: readonly CallSink[];
  readonly headers: TraceHeaders;
  private readonly spans: SpanSink;
  private readonly metrics: MetricReporter | undefined;
  private readonly resource: Resource;
  private readonly scope: Scope;
  private readonly collector: Collector;

  constructor(private readonly terms: OpenTelemetryTerms) {
    const { config, version, allowLinkLocal } = terms;
    const { endpoint, headers, protocol, timeoutMs, sampling } = config;
    this.resource = resourceOf(config, version);
    this.scope = { name: scopeName, version };
    this.collector = new Collector({ endpoint, headers, protocol, timeoutMs, allowLinkLocal, news: new CollectorNews(terms) });
    this.headers = new KeptTraceHeaders(config);
    this.spans = new SpanSink({ sampling, send: (calls) => this.collector.send('traces', () => this.traceRequest(calls)) });
    this.sinks = config.sendsTraces ? [this.spans] : [];
    this.metrics = config.sendsMetrics ? this.reporter(config.metricsEveryMs) : undefined;
  }

  get counters(): SpanCounters {
    return this.spans.counters;
  }

  async close(withinMs = lastExportMsMax): Promise<number> {
    this.metrics?.stop();
    const timeUp = new AbortController();
    const end = pause(withinMs, undefined, { signal: timeUp.signal }).catch(() => undefined);
    const [left] = await Promise.all([this.spans.flush(withinMs), Promise.race([this.metrics?.report(), end])]);
    timeUp.abort();
    await this.collector.close();
    return left;
  }

  private reporter(everyMs: number): MetricReporter {
    return new MetricReporter({
      everyMs,
      read: () => this.metricsRequest(),
      send: (message) => this.collector.send('metrics', () => message),
    });
  }

  private traceRequest(calls: readonly FinishedCall[]): TraceRequest {
    return { resourceSpans: [{ resource: this.resource, scopeSpans: [{ scope: this.scope, spans: calls.flatMap(spansOf) }] }] };
  }

  private async metricsRequest(): Promise<MetricsRequest> {
    const metrics = metricsOf(await this.terms.readMetrics(), { startedAt: performance.timeOrigin, now: Date.now() });
    return { resourceMetrics: [{ resource: this.resource, scopeMetrics: [{ scope: this.scope, metrics }] }] };
  }
}

/** Begins to report. Nothing is connected until there is something to send. */
export const openTelemetry = (terms: OpenTelemetryTerms): OpenTelemetry => new RunningTelemetry(terms);
