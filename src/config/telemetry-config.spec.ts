import { describe, expect, it } from '@jest/globals';
import { telemetryConfig, type TelemetryConfig } from './telemetry-config.js';
import { VariableReader, type Environment } from './variable-reader.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

const read = (env: Environment): { readonly telemetry: TelemetryConfig | undefined; readonly problems: readonly string[] } => {
  const reader = new VariableReader(env);
  return { telemetry: telemetryConfig(reader), problems: reader.problems };
};

describe('telemetry', () => {
  it.each([{}, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, { ...endpoint, OTEL_SDK_DISABLED: 'true' }])('is off with %j', (env) => {
    expect(read(env)).toEqual({ telemetry: undefined, problems: [] });
  });

  it('does not look at variables of other programs while it is off', () => {
    expect(read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'jaeger_remote' }).problems).toEqual([]);
  });

  it('has the defaults of OpenTelemetry', () => {
    expect(read(endpoint)).toEqual({
      problems: [],
      telemetry: {
        endpoint: 'http://127.0.0.1:4318',
        headers: [],
        protocol: 'http/protobuf',
        timeoutMs: 10_000,
        serviceName: undefined,
        resource: [],
        sendsTraces: true,
        sendsMetrics: true,
        metricsEveryMs: 60_000,
        sampling: { ratio: 1, followsCaller: true },
        passesTrace: false,
      },
    });
  });

  it('takes what is set', () => {
    const { telemetry, problems } = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com/otlp/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc%3D, x-tenant = a ,',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,team=a%2Cb',
      OTEL_SERVICE_NAME: 'gateway',
      OTEL_METRICS_EXPORTER: 'none',
      CCLOAD_PASS_TRACEPARENT: 'true',
    });
    expect(problems).toEqual([]);
    expect(telemetry).toMatchObject({
      endpoint: 'https://collector.example.com/otlp',
      headers: [
        ['authorization', 'Basic abc='],
        ['x-tenant', 'a'],
      ],
      protocol: 'http/json',
      resource: [
        ['deployment.environment.name', 'staging'],
        ['team', 'a,b'],
      ],
      serviceName: 'gateway',
      sendsTraces: true,
      sendsMetrics: false,
      passesTrace: true,
    });
  });

  it.each([
    ['always_on', '0.1', { ratio: 1, followsCaller: false }],
    ['always_off', '', { ratio: 0, followsCaller: false }],
    ['traceidratio', '0.25', { ratio: 0.25, followsCaller: false }],
    ['traceidratio', '', { ratio: 1, followsCaller: false }],
    ['parentbased_always_off', '', { ratio: 0, followsCaller: true }],
    ['parentbased_traceidratio', '.5', { ratio: 0.5, followsCaller: true }],
  ])('samples with %s and %j', (sampler, part, sampling) => {
    expect(read({ ...endpoint, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: part }).telemetry?.sampling).toEqual(sampling);
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:pass@collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318/?key=1'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '0'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%0d%0aevil: 1'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%zz'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'content-length=1'],
    ['OTEL_RESOURCE_ATTRIBUTES', '=x'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-0.1'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '1'],
    ['OTEL_SDK_DISABLED', 'yes'],
    ['CCLOAD_PASS_TRACEPARENT', '1'],
  ])('refuses %s=%s with a sentence', (name, text) => {
    const { problems } = read({ ...endpoint, [name]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must .{10,}`));
  });

  it('never repeats an endpoint or a header in what it says', () => {
    const { problems } = read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:secret@c', OTEL_EXPORTER_OTLP_HEADERS: 'secret' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('secret');
  });
});
