import { describe, expect, it } from '@jest/globals';
import type { MetricsRequest, TraceRequest } from './otlp.js';
import { protobufOf } from './otlp-protobuf.js';

/*
 * The bytes were made of the same messages by protobuf 7.36 for Python and the package opentelemetry-proto 1.45, which is generated
 * from the definitions of OTLP.
 */

const trace: TraceRequest = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'ccload' } }] },
      scopeSpans: [
        {
          scope: { name: 'ccload', version: '0.2.0' },
          spans: [
            {
              traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
              spanId: '00f067aa0ba902b7',
              traceState: 'a=1',
              parentSpanId: '8000000000000001',
              name: 'POST /v1/messages',
              kind: 2,
              startTimeUnixNano: '1795612891000000000',
              endTimeUnixNano: '1795612891300250000',
              attributes: [
                { key: 'text', value: { stringValue: 'zażółć 🙂' } },
                { key: 'flag', value: { boolValue: true } },
                { key: 'whole', value: { intValue: '9007199254740991' } },
                { key: 'real', value: { doubleValue: 120.5 } },
                { key: 'texts', value: { arrayValue: { values: [{ stringValue: 'one' }, { stringValue: 'two' }] } } },
              ],
              status: { message: 'server error', code: 2 },
              flags: 769,
            },
          ],
        },
      ],
    },
  ],
};
const traceBytes = [
  'CoYCChoKGAoMc2VydmljZS5uYW1lEggKBmNjbG9hZBLnAQoPCgZjY2xvYWQSBTAuMi4wEtMBChBL+S81d7NNpqPOkp0ODkc2EggA8GeqC6kCtxoDYT0xIgiA',
  'AAAAAAAAASoRUE9TVCAvdjEvbWVzc2FnZXMwAjkAzioqaUzrGEGQQRA8aUzrGEoZCgR0ZXh0EhEKD3phxbzDs8WCxIcg8J+ZgkoKCgRmbGFnEgIQAUoSCgV3',
  'aG9sZRIJGP////////8PShEKBHJlYWwSCSEAAAAAACBeQEoZCgV0ZXh0cxIQKg4KBQoDb25lCgUKA3R3b3oQEgxzZXJ2ZXIgZXJyb3IYAoUBAQMAAA==',
].join('');

const metrics: MetricsRequest = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'ccload' } }] },
      scopeMetrics: [
        {
          scope: { name: 'ccload', version: '0.2.0' },
          metrics: [
            {
              name: 'g',
              description: 'a gauge',
              gauge: {
                dataPoints: [{ startTimeUnixNano: '1795612890000000000', timeUnixNano: '1795612891000000000', asDouble: 1.5, attributes: [] }],
              },
            },
            {
              name: 'c_total',
              description: 'a counter',
              sum: {
                dataPoints: [
                  {
                    startTimeUnixNano: '1795612890000000000',
                    timeUnixNano: '1795612891000000000',
                    asDouble: 300,
                    attributes: [{ key: 'channel', value: { stringValue: 'a' } }],
                  },
                ],
                aggregationTemporality: 2,
                isMonotonic: true,
              },
            },
            {
              name: 'h_seconds',
              description: 'a histogram',
              histogram: {
                dataPoints: [
                  {
                    startTimeUnixNano: '1795612890000000000',
                    timeUnixNano: '1795612891000000000',
                    count: '300',
                    sum: 7.5,
                    bucketCounts: ['1', '299'],
                    explicitBounds: [0.5],
                    attributes: [{ key: 'kind', value: { stringValue: 'streaming' } }],
                  },
                ],
                aggregationTemporality: 2,
              },
            },
          ],
        },
      ],
    },
  ],
};
const metricsBytes = [
  'CpsCChoKGAoMc2VydmljZS5uYW1lEggKBmNjbG9hZBL8AQoPCgZjY2xvYWQSBTAuMi4wEisKAWcSB2EgZ2F1Z2UqHQobEQAEkO5oTOsYGQDOKippTOsYIQAA',
  'AAAAAPg/EkcKB2NfdG90YWwSCWEgY291bnRlcjoxCisRAASQ7mhM6xgZAM4qKmlM6xghAAAAAADAckA6DgoHY2hhbm5lbBIDCgFhEAIYARJzCgloX3NlY29u',
  'ZHMSC2EgaGlzdG9ncmFtSlkKVREABJDuaEzrGBkAzioqaUzrGCEsAQAAAAAAACkAAAAAAAAeQDIQAQAAAAAAAAArAQAAAAAAADoIAAAAAAAA4D9KEwoEa2lu',
  'ZBILCglzdHJlYW1pbmcQAg==',
].join('');

describe('a message as Protocol Buffers', () => {
  it.each([
    ['traces', trace, traceBytes],
    ['metrics', metrics, metricsBytes],
  ])('has the bytes that another implementation gives %s', (_name, message, bytes) => {
    expect(protobufOf(message).toString('base64')).toBe(bytes);
  });

  it('is the same however often the room for it had to grow', () => {
    const span = trace.resourceSpans[0].scopeSpans[0].spans[0];
    if (span === undefined) throw new Error('expected a span');
    const { resource, scopeSpans: [{ scope }] } = trace.resourceSpans[0];
    const sizeOf = (spans: number): number =>
      protobufOf({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: Array.from({ length: spans }, () => span) }] }] }).length;
    const each = sizeOf(1_001) - sizeOf(1_000);
    expect(each).toBeGreaterThan(200);
    expect(sizeOf(2_000) - sizeOf(1_000)).toBe(1_000 * each);
  });

  it('refuses a field that nobody has taught it, rather than leave it out', () => {
    const strange = { ...trace, resourceLogs: [] };
    expect(() => protobufOf(strange)).toThrow('OTLP has no field resourceLogs here');
  });
});
