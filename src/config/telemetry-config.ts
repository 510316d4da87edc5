import { minuteMs, secondMs } from '../domain/time.js';
import type { Sampling } from '../domain/trace-context.js';
import { anyText, collectorUrl, headerPairs, ratio, resourceAttributes, type NamedValues } from './telemetry-variable.js';
import { oneOf, trueOrFalse, wholeNumber } from './variable.js';
import type { VariableReader } from './variable-reader.js';

/** Where traces and metrics go, and which; see the variables of OpenTelemetry of the same names. */
export interface TelemetryConfig {
  /** Without a slash at its end: `/v1/traces` and `/v1/metrics` are appended. Never logged, it may hold credentials. */
  readonly endpoint: string;
  /** Sent with every export; never logged. */
  readonly headers: NamedValues;
  readonly protocol: (typeof protocols)[number];
  /** Of one export. */
  readonly timeoutMs: number;
  readonly serviceName: string | undefined;
  readonly resource: NamedValues;
  readonly sendsTraces: boolean;
  readonly sendsMetrics: boolean;
  readonly metricsEveryMs: number;
  readonly sampling: Sampling;
  /** Upstreams are told of the trace. */
  readonly passesTrace: boolean;
}

const protocols = ['http/protobuf', 'http/json'] as const;
const samplers = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;
const exporters = ['otlp', 'none'] as const;

export const telemetryBounds = {
  timeoutMs: { min: 1, max: 10 * minuteMs },
  metricsEveryMs: { min: 100, max: 60 * minuteMs },
} as const;

const samplingOf = (reader: VariableReader): Sampling => {
  const sampler = reader.read('OTEL_TRACES_SAMPLER', oneOf(samplers), 'parentbased_always_on');
  const part = reader.read('OTEL_TRACES_SAMPLER_ARG', ratio, 1);
  const followsCaller = sampler.startsWith('parentbased_');
  if (sampler.endsWith('always_off')) return { ratio: 0, followsCaller };
  return { ratio: sampler.endsWith('traceidratio') ? part : 1, followsCaller };
};

/** `undefined` unless a collector is named; then the other variables are not looked at, since they may be meant for other programs. */
export const telemetryConfig = (reader: VariableReader): TelemetryConfig | undefined => {
  if (!reader.isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || reader.read('OTEL_SDK_DISABLED', trueOrFalse, false)) return undefined;
  const nothing: NamedValues = Object.freeze([]);
  return Object.freeze({
    endpoint: reader.readSecret('OTEL_EXPORTER_OTLP_ENDPOINT', collectorUrl, ''),
    headers: reader.readSecret('OTEL_EXPORTER_OTLP_HEADERS', headerPairs, nothing),
    protocol: reader.read('OTEL_EXPORTER_OTLP_PROTOCOL', oneOf(protocols), 'http/protobuf'),
    timeoutMs: reader.read('OTEL_EXPORTER_OTLP_TIMEOUT', wholeNumber(telemetryBounds.timeoutMs), 10 * secondMs),
    serviceName: reader.read('OTEL_SERVICE_NAME', anyText, undefined),
    resource: reader.read('OTEL_RESOURCE_ATTRIBUTES', resourceAttributes, nothing),
    sendsTraces: reader.read('OTEL_TRACES_EXPORTER', oneOf(exporters), 'otlp') === 'otlp',
    sendsMetrics: reader.read('OTEL_METRICS_EXPORTER', oneOf(exporters), 'otlp') === 'otlp',
    metricsEveryMs: reader.read('OTEL_METRIC_EXPORT_INTERVAL', wholeNumber(telemetryBounds.metricsEveryMs), minuteMs),
    sampling: Object.freeze(samplingOf(reader)),
    passesTrace: reader.read('CCLOAD_PASS_TRACEPARENT', trueOrFalse, false),
  });
};
