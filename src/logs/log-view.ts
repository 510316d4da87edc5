import type { AttemptRecord, TraceStep } from '../domain/call.js';
import { secondMs } from '../domain/time.js';
import type { LogRow } from './log-row.js';

/** A look at one channel on the way to the answer. */
export interface TraceStepView {
  readonly channel_id: number;
  readonly channel_name: string;
  readonly note: string;
}

/** A log row as the API shows it. Every field is always there; what is unknown is `null`. */
export interface LogView {
  readonly id: number;
  /** Unix ms. */
  readonly time: number;
  readonly request_id: string;
  readonly attempt: number;
  readonly final: boolean;
  readonly model: string;
  readonly channel_id: number | null;
  readonly channel_name: string | null;
  readonly path: string;
  readonly status_code: number;
  readonly message: string;
  /** Seconds. */
  readonly duration: number;
  readonly is_streaming: boolean;
  /** Seconds. */
  readonly first_byte_time: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_creation_tokens: number | null;
  readonly usage_incomplete: boolean;
  readonly client_ip: string;
  readonly token_label: string | null;
  readonly trace: readonly TraceStepView[] | null;
}

const stepView = ({ channelId, channelName, note }: TraceStep): TraceStepView => ({
  channel_id: channelId,
  channel_name: channelName,
  note,
});

/** To the microsecond, so that no digits of binary arithmetic show. */
const secondsOf = (ms: number): number => Math.round(ms * 1_000) / (1_000 * secondMs);

/** An attempt as the API shows it while it has no number yet, because it has not been stored. */
export const attemptView = (row: AttemptRecord): Omit<LogView, 'id'> => ({
  time: row.time,
  request_id: row.requestId,
  attempt: row.attempt,
  final: row.final,
  model: row.model,
  channel_id: row.channelId ?? null,
  channel_name: row.channelName ?? null,
  path: row.path,
  status_code: row.statusCode,
  message: row.message,
  duration: secondsOf(row.durationMs),
  is_streaming: row.isStreaming,
  first_byte_time: row.firstByteMs === undefined ? null : secondsOf(row.firstByteMs),
  input_tokens: row.usage?.inputTokens ?? null,
  output_tokens: row.usage?.outputTokens ?? null,
  cache_read_tokens: row.usage?.cacheReadTokens ?? null,
  cache_creation_tokens: row.usage?.cacheCreationTokens ?? null,
  usage_incomplete: row.usageIncomplete,
  client_ip: row.clientIp,
  token_label: row.tokenLabel ?? null,
  trace: row.trace?.map(stepView) ?? null,
});

export const logView = (row: LogRow): LogView => ({ id: row.id, ...attemptView(row) });
