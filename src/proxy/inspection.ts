import type { AnswerReader, AnswerStage } from '../domain/answer.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { Usage } from '../domain/usage.js';
import { createDecoder } from './content-decoder.js';
import type { ContentDecoder } from './decoding.js';

const answerStage: AnswerStage = { kind: 'answer' };

/**
 * Understands an answer while it is relayed: an `AnswerReader` behind whatever content coding stands in front of it.
 * Where the bytes cannot be read (unknown coding, corrupt, too many) it counts as an answer and is relayed unread.
 */
export class Inspection {
  readonly #reader: AnswerReader;
  readonly #decoder: ContentDecoder | undefined;
  #unreadable: boolean;

  /** `changed` is called when decoding, which may lag behind the bytes, has told something new. */
  constructor(reader: AnswerReader, encoding: string | undefined, changed: () => void) {
    this.#reader = reader;
    this.#unreadable = false;
    if (encoding === undefined) return;
    this.#decoder = createDecoder(encoding, {
      decoded: (chunk) => {
        reader.push(chunk);
        changed();
      },
      gaveUp: () => {
        this.#unreadable = true;
        changed();
      },
    });
    this.#unreadable = this.#decoder === undefined;
  }

  push(chunk: Buffer): void {
    if (this.#unreadable) return;
    if (this.#decoder === undefined) this.#reader.push(chunk);
    else this.#decoder.push(chunk);
  }

  /** The upstream ended cleanly; `done` follows when the last byte was understood, at once if nothing lags behind. */
  end(done: () => void): void {
    const finish = (): void => {
      if (!this.#unreadable) this.#reader.end();
      done();
    };
    if (this.#decoder === undefined) finish();
    else this.#decoder.end(finish);
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#decoder?.stop();
  }

  /** True when the bytes on the wire are the ones that are read, so that lines of ours may stand between them. */
  get isPlain(): boolean {
    return this.#decoder === undefined && !this.#unreadable;
  }

  /** Whether the answer is read as an event stream, whatever it is called. */
  get isEventStream(): boolean {
    return this.#reader.isEventStream;
  }

  get stage(): AnswerStage {
    return this.#unreadable ? answerStage : this.#reader.stage;
  }

  /** False where the bytes cannot be read, or not any more: then nobody can say whether they are whole. */
  get isReadable(): boolean {
    return !this.#unreadable;
  }

  /** True once all that belongs to an answer has been read. */
  get isWhole(): boolean {
    return this.#reader.isWhole;
  }

  get lateError(): UpstreamError | undefined {
    return this.#reader.lateError;
  }

  get isAnnounced(): boolean {
    return this.#reader.isAnnounced;
  }

  get progress(): number {
    return this.#reader.progress;
  }

  get atLineStart(): boolean {
    return this.#reader.atLineStart;
  }

  get usage(): Usage | undefined {
    return this.#reader.usage;
  }

  /** True when tokens may be missing: the answer stopped before its end, or could not be read. */
  get usageIncomplete(): boolean {
    return this.#unreadable || !this.#reader.isWhole;
  }
}
