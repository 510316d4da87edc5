import type { AnswerReader, AnswerStage, Malformation } from './answer.js';
import { AnthropicEvents } from './anthropic-stream.js';
import { ChatEvents } from './chat-stream.js';
import type { Dialect } from './dialect.js';
import { shapeOf, type DataShape, type EventMeaning, type EventRules } from './event-rules.js';
import { firstByteAt, openAngle } from './first-byte.js';
import { parseSlice } from './json-bytes.js';
import { OtherEvents } from './other-stream.js';
import { ResponsesEvents } from './responses-stream.js';
import { SseScanner } from './sse-scanner.js';
import type { EpochMs } from './time.js';
import { readUpstreamError, type UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

/** Bytes kept of a stream that has not brought an event: an error may stand there without being one. */
export const eventlessBytesMax = 64 * 1024;

const isTelling = (shape: DataShape): boolean => shape === 'object' || shape === 'end-mark';

/** The stage of a stream follows from its events; the dialect's rules say what each of them means. */
class StreamReader implements AnswerReader {
  readonly isEventStream = true;
  stage: AnswerStage = { kind: 'undecided' };
  lateError: UpstreamError | undefined;
  readonly #rules: EventRules;
  readonly #now: EpochMs;
  readonly #scanner: SseScanner;
  isAnnounced = false;
  #hasEnded = false;
  #eventless: Buffer[] = [];
  #eventlessBytes = 0;
  #hasFirstByte = false;

  constructor(rules: EventRules, now: EpochMs) {
    this.#rules = rules;
    this.#now = now;
    this.#scanner = new SseScanner(
      (name, data) => this.#read(name, data),
      { onOversized: (name, head) => this.#advance(this.#rules.meaningOf(name, head)) },
    );
  }

  push(chunk: Buffer): void {
    if (this.#scanner.events === 0) this.#lookAt(chunk);
    this.#scanner.push(chunk);
  }

  end(): void {
    this.#hasEnded = true;
    this.#scanner.end();
    // What only announced itself stays undecided: it is neither an answer nor one that was never meant to be one.
    if (this.stage.kind === 'undecided' && !this.isAnnounced) this.#decideWithoutEvents();
  }

  get isWhole(): boolean {
    if (this.stage.kind !== 'answer' || this.lateError !== undefined) return false;
    return this.#rules.isOver || (this.#hasEnded && this.#rules.mayEndSilently);
  }

  get progress(): number {
    return this.#scanner.events;
  }

  get atLineStart(): boolean {
    return this.#scanner.atLineStart;
  }

  get usage(): Usage | undefined {
    return this.#rules.usage;
  }

  #read(name: string, data: Buffer): void {
    // At the end of the stream the scanner also reports an event that was cut, if only behind `data`; a whole one counts.
    if (this.#hasEnded && !isTelling(shapeOf(data))) return;
    const meaning = this.#rules.meaningOf(name, data);
    if (meaning === 'error' || this.stage.kind !== 'undecided') return this.#advance(meaning);
    const shape = shapeOf(data);
    if (shape === 'unparsable') this.#declareMalformed('unparsable');
    else if (shape === 'object' || (shape === 'end-mark' && meaning === 'content')) this.#advance(meaning);
  }

  #advance(meaning: EventMeaning): void {
    if (meaning === 'error') {
      this.lateError ??= this.#rules.error;
      if (this.stage.kind === 'undecided' && this.#rules.error !== undefined) this.stage = { kind: 'error', error: this.#rules.error };
    } else if (this.stage.kind === 'undecided') {
      this.#eventless = [];
      if (meaning !== 'heartbeat') this.isAnnounced = true;
      if (meaning === 'content') this.stage = { kind: 'answer' };
    }
  }

  #declareMalformed(what: Malformation): void {
    this.#eventless = [];
    this.stage = { kind: 'malformed', what };
  }

  #lookAt(chunk: Buffer): void {
    if (this.stage.kind !== 'undecided' || this.#eventlessBytes >= eventlessBytesMax) return;
    this.#eventless.push(chunk);
    this.#eventlessBytes += chunk.length;
    if (this.#hasFirstByte) return;
    const at = firstByteAt(chunk);
    this.#hasFirstByte = at !== -1;
    // No field of an event stream begins with an angle bracket, so this is a page.
    if (chunk[at] === openAngle) this.#declareMalformed('html');
  }

  /** Some relays label a plain JSON error as an event stream. */
  #decideWithoutEvents(): void {
    const bytes = Buffer.concat(this.#eventless);
    const error = readUpstreamError(parseSlice(bytes, 0, bytes.length), undefined, this.#now);
    if (error !== undefined) this.stage = { kind: 'error', error };
    else this.#declareMalformed('empty');
  }
}

const chatPaths: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/completions']);

const rulesFor = (dialect: Dialect, path: string, now: EpochMs): EventRules => {
  switch (dialect) {
    case 'anthropic':
      return new AnthropicEvents(now);
    case 'responses':
      return new ResponsesEvents(now);
    case 'openai':
      return chatPaths.has(path) ? new ChatEvents(now) : new OtherEvents(now);
  }
};

/**
 * Reads the event stream that answers a request. `path` is the request's, without query; `now` only serves to turn times
 * in an error into durations. Keeps at most one event (1 MiB) and, before the first, 64 KiB.
 */
export const createStreamReader = (dialect: Dialect, path: string, now: EpochMs): AnswerReader =>
  new StreamReader(rulesFor(dialect, path, now), now);
