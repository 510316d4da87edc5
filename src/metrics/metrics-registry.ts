import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { BodiesHeld, CallsUnderWay } from '../domain/ports.js';
import { callClasses } from '../domain/call-classes.js';
import type { CallCounts, ChannelCounts } from './call-counts.js';
import { ReadyHistogram } from './ready-histogram.js';

/** Spans that the collector has taken, and those that it never will. */
export interface Spans {
  readonly sent: number;
  readonly dropped: number;
}

/** What other parts of the program know by the moment somebody asks. */
export interface Readings {
  readonly callsUnderWay: CallsUnderWay | undefined;
  readonly bodies: BodiesHeld | undefined;
  readonly cooling: { readonly channels: number; readonly pairs: number };
  readonly spans: Spans;
  readonly logQueue: { readonly written: number; readonly dropped: number; readonly queued: number };
  readonly database: { readonly pending: number; readonly refused: number };
  /** False while the database takes no changes. */
  readonly storageWorks: boolean;
}

/** A number with the values of its labels. */
type Reading = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Family {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Read whenever somebody asks for the metrics, never in between. */
  readonly read: () => readonly Reading[];
}

const register = (kind: 'counter' | 'gauge', registry: Registry, { read, labelNames, ...described }: Family): void => {
  const settings = { ...described, labelNames: [...labelNames], registers: [registry] };
  if (kind === 'gauge') {
    new Gauge({
      ...settings,
      collect() {
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
    return;
  }
  new Counter({
    ...settings,
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
};

const requestsOf = ({ requests }: CallCounts): readonly Reading[] =>
  Object.entries(requests).flatMap(([dialect, counts]) =>
    callClasses.map((outcome, index): Reading => [{ dialect, outcome }, counts[index] ?? 0]),
  );

const attemptsOf = ({ channels }: CallCounts): readonly Reading[] =>
  [...channels].flatMap(([channel, { attempts }]) =>
    callClasses.map((name, index): Reading => [{ channel, class: name }, attempts[index] ?? 0]),
  );

const tokenKinds: readonly (readonly [kind: string, of: (counts: ChannelCounts) => number])[] = [
  ['input', ({ inputTokens }) => inputTokens],
  ['output', ({ outputTokens }) => outputTokens],
  ['cache_read', ({ cacheReadTokens }) => cacheReadTokens],
  ['cache_creation', ({ cacheCreationTokens }) => cacheCreationTokens],
];

const tokensOf = ({ channels }: CallCounts): readonly Reading[] =>
  [...channels].flatMap(([channel, counts]) => tokenKinds.map(([kind, of]): Reading => [{ channel, kind }, of(counts)]));

const countedFamilies = (counts: CallCounts): readonly Family[] => [
  { name: 'ccload_requests_total', help: 'Model calls that have ended', labelNames: ['dialect', 'outcome'], read: () => requestsOf(counts) },
  { name: 'ccload_attempts_total', help: 'Attempts at channels', labelNames: ['channel', 'class'], read: () => attemptsOf(counts) },
  { name: 'ccload_tokens_total', help: 'Tokens that upstreams reported', labelNames: ['channel', 'kind'], read: () => tokensOf(counts) },
];

const single = (name: string, help: string, value: () => number): Family => ({ name, help, labelNames: [], read: () => [[{}, value()]] });

const overflowFamilies = (now: () => Readings): readonly Family[] => [
  single('ccload_calls_refused_total', 'Model calls turned away because too many were under way', () => now().callsUnderWay?.refused ?? 0),
  single('ccload_request_bodies_refused_total', 'Request bodies turned away because there was no room', () => now().bodies?.refused ?? 0),
  single('ccload_log_rows_written_total', 'Log rows stored', () => now().logQueue.written),
  single('ccload_log_rows_dropped_total', 'Log rows given up because the queue was full', () => now().logQueue.dropped),
  single('ccload_spans_sent_total', 'Spans that the OpenTelemetry collector has taken', () => now().spans.sent),
  single('ccload_spans_dropped_total', 'Spans given up because the OpenTelemetry collector did not take them in time', () => now().spans.dropped),
  single('ccload_database_calls_refused_total', 'Database calls refused because too many waited', () => now().database.refused),
];

const presentFamilies = (now: () => Readings): readonly Family[] => [
  single('ccload_calls_under_way', 'Model calls that have not ended', () => now().callsUnderWay?.size ?? 0),
  single('ccload_streams_under_way', 'Streams whose answer has begun and not ended', () => now().callsUnderWay?.streams ?? 0),
  single('ccload_request_body_bytes', 'Bytes held of request bodies under way', () => now().bodies?.held ?? 0),
  {
    name: 'ccload_cooldowns',
    help: 'Cooldowns in force',
    labelNames: ['scope'],
    read: () => [
      [{ scope: 'channel' }, now().cooling.channels],
      [{ scope: 'model' }, now().cooling.pairs],
    ],
  },
  single('ccload_log_rows_queued', 'Log rows that wait to be stored', () => now().logQueue.queued),
  single('ccload_storage_failing', '1 while the database takes no changes (full disk, read-only, …), else 0', () => (now().storageWorks ? 0 : 1)),
  single('ccload_database_calls_pending', 'Database calls that wait for their answer', () => now().database.pending),
];

/** Everything `GET /metrics` shows, and the process metrics of prom-client, the delay of the event loop among them. */
export const metricsRegistry = (counts: CallCounts, now: () => Readings): Registry => {
  const registry = new Registry();
  for (const family of [...countedFamilies(counts), ...overflowFamilies(now)]) register('counter', registry, family);
  for (const family of presentFamilies(now)) register('gauge', registry, family);
  registry.registerMetric(
    new ReadyHistogram({
      name: 'ccload_request_duration_seconds',
      help: 'From the first attempt of a request to the end of its answer',
      label: 'kind',
      counted: counts.duration,
    }),
  );
  registry.registerMetric(
    new ReadyHistogram({
      name: 'ccload_first_byte_seconds',
      help: 'From the first attempt of a request to the first byte of the answer it got',
      label: 'kind',
      counted: counts.firstByte,
    }),
  );
  collectDefaultMetrics({ register: registry, prefix: 'ccload_' });
  return registry;
};
