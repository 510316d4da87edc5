import { BackwardWriter } from './backward-writer.js';
import type { MetricsRequest, TraceRequest } from './otlp.js';

/** How a value of a field is written; those with a length of their own are `text`, `hex` and messages. */
type Kind = 'text' | 'hex' | 'flag' | 'number' | 'fixed32' | 'fixed64' | 'double' | Message;

/** A field by its name: its number in opentelemetry/proto, and what it holds. Lists are recognised by their values. */
interface Message {
  readonly [name: string]: readonly [number: number, kind: Kind];
}

const anyValue: Message = {
  stringValue: [1, 'text'],
  boolValue: [2, 'flag'],
  intValue: [3, 'number'],
  doubleValue: [4, 'double'],
  get arrayValue(): readonly [number, Message] {
    return [5, { values: [1, anyValue] }];
  },
};
const keyValue: Message = { key: [1, 'text'], value: [2, anyValue] };
const resource: Message = { attributes: [1, keyValue] };
const scope: Message = { name: [1, 'text'], version: [2, 'text'] };

const span: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'text'],
  parentSpanId: [4, 'hex'],
  name: [5, 'text'],
  kind: [6, 'number'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, keyValue],
  status: [15, { message: [2, 'text'], code: [3, 'number'] }],
  flags: [16, 'fixed32'],
};

const numberPoint: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  attributes: [7, keyValue],
};

const histogramPoint: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64'],
  explicitBounds: [7, 'double'],
  attributes: [9, keyValue],
};

const metric: Message = {
  name: [1, 'text'],
  description: [2, 'text'],
  gauge: [5, { dataPoints: [1, numberPoint] }],
  sum: [7, { dataPoints: [1, numberPoint], aggregationTemporality: [2, 'number'], isMonotonic: [3, 'flag'] }],
  histogram: [9, { dataPoints: [1, histogramPoint], aggregationTemporality: [2, 'number'] }],
};

const request: Message = {
  resourceSpans: [1, { resource: [1, resource], scopeSpans: [2, { scope: [1, scope], spans: [2, span] }] }],
  resourceMetrics: [1, { resource: [1, resource], scopeMetrics: [2, { scope: [1, scope], metrics: [2, metric] }] }],
};

const wireType = { varint: 0, eight: 1, delimited: 2, four: 5 } as const;

const tag = (writer: BackwardWriter, number: number, type: number): void => writer.varint(number * 8 + type);

const delimited = (writer: BackwardWriter, number: number, bytes: number): void => {
  writer.varint(bytes);
  tag(writer, number, wireType.delimited);
};

const writeFixed = (writer: BackwardWriter, kind: 'fixed64' | 'double', value: unknown): void => {
  if (kind === 'double') writer.double(Number(value));
  else writer.fixed64(BigInt(String(value)));
};

const writeValue = (writer: BackwardWriter, number: number, kind: Kind, value: unknown): void => {
  switch (kind) {
    case 'text':
      return delimited(writer, number, writer.text(String(value), 'utf8'));
    case 'hex':
      return delimited(writer, number, writer.text(String(value), 'hex'));
    case 'flag':
    case 'number':
      writer.varint(Number(value));
      return tag(writer, number, wireType.varint);
    case 'fixed32':
      writer.fixed32(Number(value));
      return tag(writer, number, wireType.four);
    case 'fixed64':
    case 'double':
      writeFixed(writer, kind, value);
      return tag(writer, number, wireType.eight);
    default: {
      const before = writer.length;
      writeMessage(writer, kind, value);
      return delimited(writer, number, writer.length - before);
    }
  }
};

const writeList = (writer: BackwardWriter, number: number, kind: Kind, values: readonly unknown[]): void => {
  if (kind === 'fixed64' || kind === 'double') {
    const before = writer.length;
    for (const value of values.toReversed()) writeFixed(writer, kind, value);
    delimited(writer, number, writer.length - before);
    return;
  }
  for (const value of values.toReversed()) writeValue(writer, number, kind, value);
};

/** Fields that the value lacks are left out. */
const writeMessage = (writer: BackwardWriter, message: Message, value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, found] of Object.entries(value).toReversed()) {
    const field = message[name];
    if (field === undefined) throw new Error(`OTLP has no field ${name} here`);
    const [number, kind] = field;
    if (Array.isArray(found)) writeList(writer, number, kind, found);
    else if (found !== undefined) writeValue(writer, number, kind, found);
  }
};

/** The message as Protocol Buffers, fields in the order of the object. */
export const protobufOf = (value: TraceRequest | MetricsRequest): Buffer => {
  const writer = new BackwardWriter();
  writeMessage(writer, request, value);
  return writer.bytes();
};
