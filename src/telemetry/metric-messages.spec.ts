import { describe, expect, it } from '@jest/globals';
import { metricsOf, type MetricFamily } from './metric-messages.js';

const period = { startedAt: 1_000.5, now: 2_000 };
const times = { startTimeUnixNano: '1000500000', timeUnixNano: '2000000000' };
const family = (changes: Partial<MetricFamily>): MetricFamily => ({ name: 'n', help: 'h', type: 'gauge', values: [], ...changes });
const label = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describe('metrics as OTLP has them', () => {
  it('keep names, descriptions, labels and values', () => {
    const counter = family({ type: 'counter', values: [{ value: 3, labels: { channel: 'a', major: 20 } }] });
    expect(metricsOf([counter, family({ values: [{ value: 0.5, labels: {} }] })], period)).toEqual([
      {
        name: 'n',
        description: 'h',
        sum: {
          dataPoints: [{ attributes: [label('channel', 'a'), label('major', '20')], ...times, asDouble: 3 }],
          aggregationTemporality: 2,
          isMonotonic: true,
        },
      },
      { name: 'n', description: 'h', gauge: { dataPoints: [{ attributes: [], ...times, asDouble: 0.5 }] } },
    ]);
  });

  it('count what lies between two bounds, per series of a histogram', () => {
    const part = (metricName: string, value: number, le?: number | string) => ({ metricName, value, labels: { kind: 'a', ...(le === undefined ? {} : { le }) } });
    const values = [part('n_bucket', 1, 0.5), part('n_bucket', 3, 1), part('n_bucket', 7, '+Inf'), part('n_sum', 9.5), part('n_count', 7)];
    const other = values.map((value) => ({ ...value, value: 0, labels: { ...value.labels, kind: 'b' } }));
    const [metric] = metricsOf([family({ type: 'histogram', values: [...values, ...other] })], period);
    expect(metric?.histogram?.dataPoints).toEqual([
      { attributes: [label('kind', 'a')], ...times, count: '7', sum: 9.5, bucketCounts: ['1', '2', '4'], explicitBounds: [0.5, 1] },
      { attributes: [label('kind', 'b')], ...times, count: '0', sum: 0, bucketCounts: ['0', '0', '0'], explicitBounds: [0.5, 1] },
    ]);
  });

  it('leave out what has no value yet', () => {
    const [metric, ...others] = metricsOf([family({ values: [{ value: Number.NaN, labels: {} }] }), family({})], period);
    expect([metric?.gauge?.dataPoints, others]).toEqual([[], []]);
  });

  it('refuse a kind that nobody has taught them', () => {
    expect(() => metricsOf([family({ type: 'summary', values: [{ value: 1, labels: {} }] })], period)).toThrow(/summary/);
  });
});
