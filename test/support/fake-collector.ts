import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnyValue, KeyValue, Metric, MetricsRequest, Span, TraceRequest } from '../../src/telemetry/otlp.js';
import { until } from './until.js';

/** One export as it came. */
export interface Export {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** How a collector answers: with a status, or never. */
export type Manner = number | 'hangs';

/** An OpenTelemetry collector on 127.0.0.1 that keeps what it is sent, and reads it when it is JSON. */
export class FakeCollector {
  readonly exports: Export[] = [];
  /** Sockets accepted so far. */
  connections = 0;
  manner: Manner = 200;
  private readonly server = createServer((request, response) => void this.take(request, response));

  static async start(port = 0): Promise<FakeCollector> {
    const collector = new FakeCollector();
    collector.server.on('connection', () => (collector.connections += 1));
    await new Promise<void>((resolve) => collector.server.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that came, as one text. */
  get text(): string {
    return this.exports.map(({ body }) => body.toString('latin1')).join('\n');
  }

  /** Spans of what was taken, in the order they came. */
  get spans(): readonly Span[] {
    const requests = this.read('/v1/traces') as readonly TraceRequest[];
    return requests.flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }

  /** Metrics of the newest report. */
  get metrics(): readonly Metric[] {
    const requests = this.read('/v1/metrics') as readonly MetricsRequest[];
    return requests.at(-1)?.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)) ?? [];
  }

  /** The spans of a call once they are here: that of the call first. */
  async callSpans(requestId: string | undefined, waitMs = 10_000): Promise<readonly Span[]> {
    return until(`the spans of ${requestId}`, () => {
      const call = this.spans.find((span) => attributesOf(span.attributes)['ccload.request_id'] === requestId);
      return call === undefined ? undefined : [call, ...this.spans.filter(({ parentSpanId }) => parentSpanId === call.spanId)];
    }, waitMs);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private read(path: string): readonly unknown[] {
    return this.exports.filter((sent) => sent.path === path && sent.headers['content-type'] === 'application/json').map(({ body }): unknown => JSON.parse(body.toString()));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.exports.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    if (this.manner !== 'hangs') response.writeHead(this.manner, { 'content-type': 'application/json' }).end('{}');
  }
}

const plain = ({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValue): unknown =>
  stringValue ?? boolValue ?? (intValue === undefined ? undefined : Number(intValue)) ?? doubleValue ?? arrayValue?.values.map(plain);

/** Attributes by name, as plain values. */
export const attributesOf = (attributes: readonly KeyValue[] | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plain(value)]));
