import { cumulative, nanosecondsOf, type HistogramPoint, type KeyValue, type Metric, type NumberPoint } from './otlp.js';

/** A value of a metric as prom-client has it; those of a histogram say which part of it they are. */
export interface MetricReading {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

/** A metric as prom-client has it, with all its values. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge` or `histogram`; the library's types say a number where there is a text. */
  readonly type: unknown;
  readonly values: readonly MetricReading[];
}

/** Counters count since `startedAt`; both in milliseconds since the epoch. */
export interface Period {
  readonly startedAt: number;
  readonly now: number;
}

const attributesOf = (labels: MetricReading['labels']): readonly KeyValue[] =>
  Object.entries(labels).flatMap(([key, value]) => (key === 'le' || value === undefined ? [] : [{ key, value: { stringValue: String(value) } }]));

const pointsOf = (values: readonly MetricReading[], { startedAt, now }: Period): readonly NumberPoint[] =>
  values
    // What has not been measured yet is NaN, which JSON cannot say.
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, labels }) => ({
      attributes: attributesOf(labels),
      startTimeUnixNano: nanosecondsOf(startedAt),
      timeUnixNano: nanosecondsOf(now),
      asDouble: value,
    }));

/** Prometheus counts what is at most as long as each bound; OTLP what lies between two. */
const histogramPoint = (values: readonly MetricReading[], { startedAt, now }: Period): HistogramPoint => {
  const part = (ending: string): readonly MetricReading[] => values.filter(({ metricName = '' }) => metricName.endsWith(ending));
  const buckets = part('_bucket');
  const counts = buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0));
  return {
    attributes: attributesOf(values[0]?.labels ?? {}),
    startTimeUnixNano: nanosecondsOf(startedAt),
    timeUnixNano: nanosecondsOf(now),
    count: String(part('_count')[0]?.value ?? 0),
    sum: part('_sum')[0]?.value ?? 0,
    bucketCounts: counts.map(String),
    explicitBounds: buckets.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite),
  };
};

const histogramPoints = (values: readonly MetricReading[], period: Period): readonly HistogramPoint[] => {
  const series = new Map<string, MetricReading[]>();
  for (const reading of values) {
    const labels = JSON.stringify(attributesOf(reading.labels));
    const known = series.get(labels);
    if (known === undefined) series.set(labels, [reading]);
    else known.push(reading);
  }
  return [...series.values()].map((readings) => histogramPoint(readings, period));
};

/** The same numbers, under the same names, as `/metrics` has. Families without a value are left out. */
export const metricsOf = (families: readonly MetricFamily[], period: Period): readonly Metric[] =>
  families.flatMap(({ name, help: description, type, values }): readonly Metric[] => {
    if (values.length === 0) return [];
    switch (type) {
      case 'counter':
        return [{ name, description, sum: { dataPoints: pointsOf(values, period), aggregationTemporality: cumulative, isMonotonic: true } }];
      case 'gauge':
        return [{ name, description, gauge: { dataPoints: pointsOf(values, period) } }];
      case 'histogram':
        return [{ name, description, histogram: { dataPoints: histogramPoints(values, period), aggregationTemporality: cumulative } }];
      default:
        throw new Error(`${name} is a ${String(type)}, which nobody has taught OTLP`);
    }
  });
