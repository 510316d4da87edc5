import type { AnswerReader } from '../../domain/answer.js';
import { createBodyReader } from '../../domain/body-reader.js';
import { createStreamReader } from '../../domain/stream-reader.js';
import type { EpochMs } from '../../domain/time.js';
import type { Usage } from '../../domain/usage.js';
import { complaintIn, textOfBody, textOfStream } from './answer-text.js';
import type { TestRequest } from './test-request.js';
import { withoutSecret } from './without-secret.js';

/** Bytes of an answer that are shown. */
export const rawBytesMax = 64 * 1024;
const errorCharsMax = 1_000;

/** What came back, as far as it did. */
export interface Received {
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  /** Decoded. */
  readonly body: Buffer;
  /** How the body ended: with its end, because we had read enough, or too soon, which the sentence tells. */
  readonly end: 'whole' | 'cut' | { readonly broke: string };
  readonly durationMs: number;
  readonly firstByteMs: number | undefined;
}

export interface UsageView {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
}

/** Answer of `POST /admin/channels/:id/test`. */
export interface TestView {
  readonly success: boolean;
  readonly status_code: number | null;
  readonly duration_ms: number;
  readonly first_byte_ms: number | null;
  readonly response_text: string;
  readonly usage: UsageView | null;
  readonly error: string | null;
  readonly raw_response: string;
}

const usageView = (usage: Usage | undefined): UsageView | null =>
  usage === undefined
    ? null
    : {
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        cache_read_tokens: usage.cacheReadTokens,
        cache_creation_tokens: usage.cacheCreationTokens,
      };

const isStream = ({ contentType = '' }: Received): boolean => /^\s*text\/event-stream/i.test(contentType);

const read = (request: TestRequest, received: Received, now: EpochMs): AnswerReader => {
  const reader = isStream(received)
    ? createStreamReader(request.dialect, request.path, now)
    : createBodyReader(request.dialect, received.contentType, now);
  reader.push(received.body);
  if (received.end === 'whole') reader.end();
  return reader;
};

/** In a stream the error is the data of an event; elsewhere it is the body. */
const complaintOf = (received: Received): string => {
  const text = received.body.toString();
  const lines = isStream(received) ? text.split(/\r\n?|\n/).filter((line) => /^data:.*error/i.test(line)).map((line) => line.slice(5)) : [];
  return [...lines, text].map(complaintIn).find((complaint) => complaint !== '') ?? '';
};

const problemInside = (received: Received, reader: AnswerReader): string | undefined => {
  const { stage } = reader;
  if (stage.kind === 'error' || reader.lateError !== undefined) return complaintOf(received) || 'an error stands where the answer should be';
  if (stage.kind === 'malformed') return `what came is no answer: ${stage.what}`;
  if (received.end === 'cut') return undefined;
  return reader.isWhole ? undefined : 'the answer ended before it was complete';
};

const problemOf = (received: Received, reader: AnswerReader): string | undefined => {
  const { status, end } = received;
  if (status !== undefined && status >= 300 && status < 400) return `status ${status}: the upstream redirects, and redirects are not followed`;
  if (status !== undefined && (status < 200 || status >= 300)) return `status ${status}: ${complaintOf(received) || 'the upstream gives no reason'}`;
  if (typeof end === 'object') return end.broke;
  return problemInside(received, reader);
};

/** At most `bytesMax` bytes of the text, cut between characters. */
const cut = (text: string, bytesMax: number): string => {
  const bytes = Buffer.from(text);
  return bytes.length <= bytesMax ? text : bytes.subarray(0, bytesMax).toString().replace(/\uFFFD+$/, '');
};

/** What the operator is told: judged as a relayed answer would be, and without the key, whatever the upstream repeats. */
export const testView = (request: TestRequest, received: Received, { secret, now }: { readonly secret: string; readonly now: EpochMs }): TestView => {
  const reader = read(request, received, now);
  const problem = problemOf(received, reader);
  const text = isStream(received) ? textOfStream(received.body) : textOfBody(received.body.toString());
  // Masked before it is cut: half a key is worth hiding too.
  const shown = received.body.subarray(0, rawBytesMax + Buffer.byteLength(secret) * 4).toString();
  return {
    success: problem === undefined,
    status_code: received.status ?? null,
    duration_ms: received.durationMs,
    first_byte_ms: received.firstByteMs ?? null,
    response_text: withoutSecret(text, secret),
    usage: usageView(reader.usage),
    error: problem === undefined ? null : withoutSecret(problem, secret).slice(0, errorCharsMax),
    raw_response: cut(withoutSecret(shown, secret), rawBytesMax),
  };
};
