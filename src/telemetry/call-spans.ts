import { callClasses, classIndexOf, type CallClass } from '../domain/call-classes.js';
import type { AttemptRecord } from '../domain/call.js';
import { dialectOf } from '../domain/dialect.js';
import { attemptSpanIdOf, callSpanIdOf, receivedAtOf, traceIdOf, type CallerTrace } from '../domain/trace-context.js';
import type { Usage } from '../domain/usage.js';
import { flag, nanosecondsOf, real, spanKind, spanStatus, text, texts, whole, type KeyValue, type Span } from './otlp.js';

/** A finished call, as it waits to be sent. */
export interface FinishedCall {
  readonly attempts: readonly AttemptRecord[];
  readonly caller: CallerTrace | undefined;
}

/** Names of models and paths are the client's to choose. */
const textCharsMax = 256;
const cut = (value: string): string => value.slice(0, textCharsMax);

/** Paths that name a span as they are; others would be as many names as there are clients' ideas. */
const operations: ReadonlyMap<string, string | undefined> = new Map([
  ['/v1/messages', 'chat'],
  ['/v1/messages/count_tokens', undefined],
  ['/v1/chat/completions', 'chat'],
  ['/v1/completions', 'text_completion'],
  ['/v1/embeddings', 'embeddings'],
  ['/v1/responses', 'chat'],
]);

/** The lowest bit of the flags: sampled. Above the flags: it is known that the parent is, or is not, in another process. */
const sampled = 1;
const parentIsHere = 0x100;
const parentIsElsewhere = 0x300;

const classOf = (attempt: AttemptRecord): CallClass => callClasses[classIndexOf(attempt)] ?? 'server_error';

/** The convention counts cached tokens into the input. */
const usageAttributes = (usage: Usage | undefined): readonly KeyValue[] =>
  usage === undefined
    ? []
    : [
        whole('gen_ai.usage.input_tokens', usage.inputTokens + usage.cacheReadTokens + usage.cacheCreationTokens),
        whole('gen_ai.usage.output_tokens', usage.outputTokens),
        whole('gen_ai.usage.cache_read.input_tokens', usage.cacheReadTokens),
        whole('gen_ai.usage.cache_creation.input_tokens', usage.cacheCreationTokens),
      ];

/** What a call and an attempt both say of how they ended. */
const endAttributes = (attempt: AttemptRecord): readonly KeyValue[] => {
  const { channelId, channelName, firstByteMs, usageIncomplete } = attempt;
  const outcome = classOf(attempt);
  return [
    text('ccload.outcome', outcome),
    ...(outcome === 'success' ? [] : [text('error.type', outcome)]),
    ...(channelId === undefined ? [] : [whole('ccload.channel.id', channelId)]),
    ...(channelName === undefined ? [] : [text('ccload.channel.name', channelName)]),
    ...(firstByteMs === undefined ? [] : [real('ccload.first_byte_ms', firstByteMs)]),
    ...usageAttributes(attempt.usage),
    ...(usageIncomplete ? [flag('ccload.usage_incomplete', true)] : []),
  ];
};

const modelAttributes = ({ path, model }: AttemptRecord): readonly KeyValue[] => {
  const operation = operations.get(path);
  return [
    ...(operation === undefined ? [] : [text('gen_ai.operation.name', operation)]),
    ...(model === '' ? [] : [text('gen_ai.request.model', cut(model))]),
  ];
};

const callAttributes = (final: AttemptRecord, attempts: readonly AttemptRecord[]): readonly KeyValue[] => {
  const { path, statusCode, tokenLabel, clientIp, trace } = final;
  return [
    text('http.request.method', 'POST'),
    ...(operations.has(path) ? [text('http.route', path)] : []),
    text('url.scheme', 'http'),
    text('url.path', cut(path)),
    text('client.address', clientIp),
    // Who left has heard no status.
    ...(classOf(final) === 'client_left' ? [] : [whole('http.response.status_code', statusCode)]),
    ...modelAttributes(final),
    text('ccload.request_id', final.requestId),
    text('ccload.dialect', dialectOf(path)),
    flag('ccload.streaming', final.isStreaming),
    whole('ccload.attempts', attempts.filter(({ attempt }) => attempt > 0).length),
    ...(tokenLabel === undefined ? [] : [text('ccload.token', tokenLabel)]),
    ...(trace === undefined ? [] : [texts('ccload.decisions', trace.map(({ channelName, note }) => `${channelName}: ${note}`))]),
    ...endAttributes(final),
  ];
};

const isFault = (outcome: CallClass): boolean => outcome === 'server_error' || outcome === 'timed_out';

const statusOf = (isError: boolean, message: string): Span['status'] =>
  isError ? { ...(message === '' ? {} : { message }), code: spanStatus.error } : { code: spanStatus.unset };

const endOf = ({ time, durationMs }: AttemptRecord): number => time + durationMs;

const attemptSpan = (attempt: AttemptRecord, traceId: string): Span => {
  const outcome = classOf(attempt);
  return {
    traceId,
    spanId: attemptSpanIdOf(attempt.requestId, attempt.attempt),
    parentSpanId: callSpanIdOf(attempt.requestId),
    flags: sampled + parentIsHere,
    name: `channel ${attempt.channelName ?? ''}`,
    kind: spanKind.client,
    startTimeUnixNano: nanosecondsOf(attempt.time),
    endTimeUnixNano: nanosecondsOf(endOf(attempt)),
    attributes: [
      ...modelAttributes(attempt),
      whole('ccload.attempt', attempt.attempt),
      // As the log has it: where the upstream has said nothing, the status stands for what happened.
      whole('ccload.status_code', attempt.statusCode),
      ...endAttributes(attempt),
    ],
    // For the client of an upstream every refusal is an error; a client that left is nobody's.
    status: statusOf(outcome !== 'success' && outcome !== 'client_left', attempt.message),
  };
};

/** The span of a call and, beneath it, one per attempt; made when all is over. Ids follow from the request id. */
export const spansOf = ({ attempts, caller }: FinishedCall): readonly Span[] => {
  const final = attempts.find((attempt) => attempt.final) ?? attempts.at(-1);
  if (final === undefined) return [];
  const { requestId, path } = final;
  const traceId = traceIdOf(requestId, caller);
  const receivedAt = receivedAtOf(requestId);
  const call: Span = {
    traceId,
    spanId: callSpanIdOf(requestId),
    ...(caller === undefined ? {} : { parentSpanId: caller.parentId }),
    ...(caller === undefined || caller.state === '' ? {} : { traceState: caller.state }),
    flags: sampled + (caller === undefined ? parentIsHere : parentIsElsewhere),
    name: operations.has(path) ? `POST ${path}` : 'POST /v1',
    kind: spanKind.server,
    startTimeUnixNano: nanosecondsOf(receivedAt),
    // A clock that was set back must not make a call end before it began.
    endTimeUnixNano: nanosecondsOf(Math.max(receivedAt, ...attempts.map(endOf))),
    attributes: callAttributes(final, attempts),
    // An error of the client's own is none of the server's.
    status: statusOf(isFault(classOf(final)), final.message),
  };
  return [call, ...attempts.filter(({ attempt }) => attempt > 0).map((attempt) => attemptSpan(attempt, traceId))];
};
