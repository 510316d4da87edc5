/*
 * The messages of OTLP 1 that we send, in the form they have as JSON: 64-bit numbers are text, ids are hex. Times are
 * nanoseconds since the epoch.
 */

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  /** A safe integer, 0 or more. */
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
}

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

export interface Resource {
  readonly attributes: readonly KeyValue[];
}

export interface Scope {
  readonly name: string;
  readonly version: string;
}

export const spanKind = { server: 2, client: 3 } as const;
export const spanStatus = { unset: 0, error: 2 } as const;

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly parentSpanId?: string;
  /** The flags of the trace (W3C) in the lowest byte, and whether the parent is in another process above them. */
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code: number; readonly message?: string };
}

export interface TraceRequest {
  readonly resourceSpans: readonly [{ readonly resource: Resource; readonly scopeSpans: readonly [{ readonly scope: Scope; readonly spans: readonly Span[] }] }];
}

/** Counted since the start of the program, not since the last report. */
export const cumulative = 2;

export interface NumberPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asDouble: number;
}

export interface HistogramPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly count: string;
  readonly sum: number;
  /** One more than there are bounds. */
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
}

export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly gauge?: { readonly dataPoints: readonly NumberPoint[] };
  readonly sum?: { readonly dataPoints: readonly NumberPoint[]; readonly aggregationTemporality: number; readonly isMonotonic: boolean };
  readonly histogram?: { readonly dataPoints: readonly HistogramPoint[]; readonly aggregationTemporality: number };
}

export interface MetricsRequest {
  readonly resourceMetrics: readonly [{ readonly resource: Resource; readonly scopeMetrics: readonly [{ readonly scope: Scope; readonly metrics: readonly Metric[] }] }];
}

/** Milliseconds since the epoch, to the microsecond: floating point has no room for more. */
export const nanosecondsOf = (epochMs: number): string => `${Math.round(epochMs * 1_000)}000`;

export const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });
export const flag = (key: string, boolValue: boolean): KeyValue => ({ key, value: { boolValue } });
export const whole = (key: string, number: number): KeyValue => ({ key, value: { intValue: String(Math.round(number)) } });
export const real = (key: string, doubleValue: number): KeyValue => ({ key, value: { doubleValue } });
export const texts = (key: string, values: readonly string[]): KeyValue => ({
  key,
  value: { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } },
});
