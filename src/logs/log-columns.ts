import type { AttemptRecord, TraceStep } from '../domain/call.js';
import { secondMs } from '../domain/time.js';
import type { Usage } from '../domain/usage.js';
import type { LogEntity } from './log.entity.js';
import type { LogRow } from './log-row.js';

/** The columns an insert fills, in the order of `valuesOf`. */
export const insertedColumns = [
  'time',
  'request_id',
  'attempt',
  'final',
  'model',
  'channel_id',
  'channel_name',
  'path',
  'status_code',
  'message',
  'duration',
  'is_streaming',
  'first_byte_time',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'usage_incomplete',
  'client_ip',
  'token_label',
  'trace',
] as const;

/** SQLite has no booleans: 1 and 0 stand for them, and PostgreSQL takes them too. */
const flag = (value: boolean): number => (value ? 1 : 0);

/** The record as column values, one per `insertedColumns`. */
export const valuesOf = (record: AttemptRecord): readonly (string | number | null)[] => [
  record.time,
  record.requestId,
  record.attempt,
  flag(record.final),
  record.model,
  record.channelId ?? null,
  record.channelName ?? null,
  record.path,
  record.statusCode,
  record.message,
  record.durationMs / secondMs,
  flag(record.isStreaming),
  record.firstByteMs === undefined ? null : record.firstByteMs / secondMs,
  record.usage?.inputTokens ?? null,
  record.usage?.outputTokens ?? null,
  record.usage?.cacheReadTokens ?? null,
  record.usage?.cacheCreationTokens ?? null,
  flag(record.usageIncomplete),
  record.clientIp,
  record.tokenLabel ?? null,
  record.trace === undefined ? null : JSON.stringify(record.trace),
];

/** Seconds as stored, back in milliseconds to the microsecond: 0.3 s times 1000 is not 300 in floating point. */
const millisecondsOf = (seconds: number): number => Math.round(seconds * 1e6) / secondMs;

const usageOf = (row: LogEntity): Usage | undefined => {
  const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } = row;
  if (inputTokens === null && outputTokens === null) return undefined;
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cacheReadTokens: cacheReadTokens ?? 0,
    cacheCreationTokens: cacheCreationTokens ?? 0,
  };
};

const isTraceStep = (value: unknown): value is TraceStep =>
  typeof value === 'object' && value !== null && 'channelId' in value && 'channelName' in value && 'note' in value;

const traceOf = (json: string | null): readonly TraceStep[] | undefined => {
  if (json === null) return undefined;
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.filter(isTraceStep) : undefined;
};

/** A stored row as the record it was. */
export const logRowOf = (row: LogEntity): LogRow => ({
  id: row.id,
  time: row.time,
  requestId: row.requestId,
  attempt: row.attempt,
  final: row.final,
  model: row.model,
  channelId: row.channelId ?? undefined,
  channelName: row.channelName ?? undefined,
  path: row.path,
  statusCode: row.statusCode,
  message: row.message,
  durationMs: millisecondsOf(row.duration),
  isStreaming: row.isStreaming,
  firstByteMs: row.firstByteTime === null ? undefined : millisecondsOf(row.firstByteTime),
  usage: usageOf(row),
  usageIncomplete: row.usageIncomplete,
  clientIp: row.clientIp,
  tokenLabel: row.tokenLabel ?? undefined,
  trace: traceOf(row.trace),
});
