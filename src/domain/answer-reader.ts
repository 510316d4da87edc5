import type { AnswerReader, AnswerStage } from './answer.js';
import { createBodyReader } from './body-reader.js';
import type { Dialect } from './dialect.js';
import { firstByteAt } from './first-byte.js';
import { createStreamReader } from './stream-reader.js';
import type { EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

/** What is known of a 2xx answer before its first byte. */
export interface AnswerHead {
  readonly dialect: Dialect;
  /** The request's, without query. */
  readonly path: string;
  /** The request asked for a stream. */
  readonly isStreaming: boolean;
  readonly isEventStream: boolean;
  readonly contentType: string | undefined;
}

/** How a line of an event stream may begin (WHATWG HTML §9.2.6); nothing in JSON, and no page, begins like that. */
const lineBeginnings = ['data:', 'event:', 'id:', 'retry:', ':'];
const beginningBytesMax = 6;

type Opening = 'event-stream' | 'other' | 'unclear';

const openingOf = (bytes: Buffer): Opening => {
  const opening = bytes.toString('latin1', 0, beginningBytesMax);
  if (lineBeginnings.some((beginning) => opening.startsWith(beginning))) return 'event-stream';
  return lineBeginnings.some((beginning) => beginning.startsWith(opening)) ? 'unclear' : 'other';
};

const undecided: AnswerStage = { kind: 'undecided' };

/** A stream was asked for, and what comes is not called one: it is read as what its first bytes show. */
class UnlabelledReader implements AnswerReader {
  readonly #asStream: () => AnswerReader;
  readonly #asBody: () => AnswerReader;
  #reader: AnswerReader | undefined;
  /** At most a few bytes and one chunk; white space in front means nothing in either. */
  #beginning: Buffer = Buffer.alloc(0);

  constructor(asStream: () => AnswerReader, asBody: () => AnswerReader) {
    this.#asStream = asStream;
    this.#asBody = asBody;
  }

  push(chunk: Buffer): void {
    if (this.#reader !== undefined) return this.#reader.push(chunk);
    const bytes = this.#beginning.length === 0 ? chunk : Buffer.concat([this.#beginning, chunk]);
    const at = firstByteAt(bytes);
    if (at === -1) return;
    this.#beginning = bytes.subarray(at);
    const opening = openingOf(this.#beginning);
    if (opening !== 'unclear') this.#choose(opening === 'event-stream' ? this.#asStream() : this.#asBody());
  }

  end(): void {
    this.#choose(this.#reader ?? this.#asBody());
    this.#reader?.end();
  }

  #choose(reader: AnswerReader): void {
    this.#reader = reader;
    const beginning = this.#beginning;
    this.#beginning = Buffer.alloc(0);
    if (beginning.length > 0) reader.push(beginning);
  }

  get isEventStream(): boolean {
    return this.#reader?.isEventStream ?? false;
  }

  get stage(): AnswerStage {
    return this.#reader?.stage ?? undecided;
  }

  get lateError(): UpstreamError | undefined {
    return this.#reader?.lateError;
  }

  get isWhole(): boolean {
    return this.#reader?.isWhole ?? false;
  }

  get isAnnounced(): boolean {
    return this.#reader?.isAnnounced ?? false;
  }

  get progress(): number {
    return this.#reader?.progress ?? 0;
  }

  get atLineStart(): boolean {
    return this.#reader?.atLineStart ?? false;
  }

  get usage(): Usage | undefined {
    return this.#reader?.usage;
  }
}

/**
 * Reads a 2xx answer as what it says it is. Some relays send an event stream as `text/plain`, `application/json` or without a
 * type, and clients that asked for one read it all the same: there the first bytes decide.
 * `now` only serves to turn times in an error into durations.
 */
export const createAnswerReader = ({ dialect, path, isStreaming, isEventStream, contentType }: AnswerHead, now: EpochMs): AnswerReader => {
  if (isEventStream) return createStreamReader(dialect, path, now);
  if (!isStreaming) return createBodyReader(dialect, contentType, now);
  return new UnlabelledReader(() => createStreamReader(dialect, path, now), () => createBodyReader(dialect, contentType, now));
};
