import type { AnswerReader, AnswerStage } from './answer.js';
import { signOf, suspectExcerpt } from './body-sign.js';
import type { Dialect } from './dialect.js';
import { firstByteAt, openAngle } from './first-byte.js';
import { openBrace, openBracket, parseSlice } from './json-bytes.js';
import { surveyObject } from './json-members.js';
import type { EpochMs } from './time.js';
import { readUpstreamError, type UpstreamError } from './upstream-error.js';
import { anthropicUsage, chatUsage, responsesUsage, type Usage } from './usage.js';

/** A body that has not shown by then what it is counts as an answer (failures §1). */
export const inspectedBodyBytesMax = 64 * 1024;
/** Longest body whose usage is read and whose end is checked. */
export const usageBodyBytesMax = 1024 * 1024;

/** Up to here each chunk is looked at; beyond, only when the body has doubled, so that tiny chunks cost no square. */
const eagerBytesMax = 1024;
const doctype = /^<(?:!doctype|html)/i;
const doctypeBytes = 9;

const usageIn = (dialect: Dialect, value: unknown): Usage | undefined => {
  switch (dialect) {
    case 'anthropic':
      return anthropicUsage(value, undefined);
    case 'responses':
      return responsesUsage(value);
    case 'openai':
      return chatUsage(value);
  }
};

/** One chunk is most often the whole, and need not be copied. */
const inOnePiece = (chunks: readonly Buffer[]): Buffer => {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
};

class BodyReader implements AnswerReader {
  readonly isEventStream = false;
  stage: AnswerStage = { kind: 'undecided' };
  readonly lateError: UpstreamError | undefined = undefined;
  isWhole = false;
  readonly isAnnounced = false;
  progress = 0;
  readonly atLineStart = false;
  usage: Usage | undefined;
  readonly #dialect: Dialect;
  readonly #now: EpochMs;
  readonly #saysJson: boolean;
  readonly #saysHtml: boolean;
  readonly #saysNothing: boolean;
  /** References to what came, while it is still wanted. */
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isKept = true;
  #lookAgainAt = 1;
  #isSuspect = false;

  constructor(dialect: Dialect, contentType: string | undefined, now: EpochMs) {
    this.#dialect = dialect;
    this.#now = now;
    const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    this.#saysJson = mediaType === 'application/json' || mediaType.endsWith('+json') || mediaType === 'text/json';
    this.#saysHtml = mediaType === 'text/html' || mediaType === 'application/xhtml+xml';
    this.#saysNothing = mediaType === '';
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.progress++;
    this.#bytes += chunk.length;
    if (this.#isKept) this.#chunks.push(chunk);
    if (this.stage.kind === 'undecided') this.#inspect();
    if (this.#bytes > usageBodyBytesMax) this.#letGo();
  }

  end(): void {
    const body = this.#isKept ? inOnePiece(this.#chunks) : undefined;
    const start = body === undefined ? -1 : Math.max(0, firstByteAt(body));
    if (this.stage.kind === 'undecided' && body !== undefined) this.#decideAtEnd(body, start);
    this.#letGo();
    if (this.stage.kind !== 'answer') return;
    this.isWhole = true;
    if (body === undefined) return;
    const json = body.subarray(start);
    const { isWhole, value } = surveyObject(json, 'usage');
    if (this.#isJson(json[0])) this.isWhole = isWhole || parseSlice(json, 0, json.length) !== undefined;
    if (json[0] === openBrace) this.usage = usageIn(this.#dialect, value);
  }

  /** Where the type is not given, an object is taken for what it looks like. */
  #isJson(first: number | undefined): boolean {
    return this.#saysJson || (this.#saysNothing && first === openBrace);
  }

  #letGo(): void {
    this.#isKept = false;
    this.#chunks = [];
  }

  #inspect(): void {
    if (this.#bytes >= this.#lookAgainAt && !this.#isSuspect) this.#look();
    if (this.#bytes >= inspectedBodyBytesMax && this.stage.kind === 'undecided') this.#decideAtLimit();
  }

  #look(): void {
    this.#lookAgainAt = this.#bytes < eagerBytesMax ? this.#bytes + 1 : 2 * this.#bytes;
    const prefix = inOnePiece(this.#chunks);
    const start = firstByteAt(prefix);
    if (start === -1) return;
    const first = prefix[start];
    if (first === openBrace) this.#lookAtObject(prefix, start);
    else if (first === openBracket) return;
    else if (this.#saysHtml) this.stage = { kind: 'malformed', what: 'html' };
    else if (first === openAngle) this.#lookAtMarkup(prefix, start);
    else if (!this.#saysJson) this.#accept();
  }

  #lookAtObject(prefix: Buffer, start: number): void {
    const sign = signOf(prefix, start);
    if (sign === 'answer') this.stage = { kind: 'answer' };
    else this.#isSuspect = sign === 'suspect';
  }

  #lookAtMarkup(prefix: Buffer, start: number): void {
    const opening = prefix.toString('latin1', start, start + doctypeBytes);
    if (doctype.test(opening)) this.stage = { kind: 'malformed', what: 'html' };
    else if (opening.length === doctypeBytes && !this.#saysJson) this.#accept();
  }

  /** An answer that is not JSON: nothing in it is of interest. */
  #accept(): void {
    this.stage = { kind: 'answer' };
    this.#letGo();
  }

  #decideAtLimit(): void {
    const body = Buffer.concat(this.#chunks);
    const payload = this.#isSuspect ? suspectExcerpt(body, firstByteAt(body)) : undefined;
    const error = readUpstreamError(payload, undefined, this.#now);
    this.stage = error === undefined ? { kind: 'answer' } : { kind: 'error', error };
  }

  #decideAtEnd(body: Buffer, start: number): void {
    const payload = parseSlice(body, start, body.length);
    const error = readUpstreamError(payload, undefined, this.#now);
    if (firstByteAt(body) === -1) this.stage = { kind: 'malformed', what: 'empty' };
    else if (error !== undefined) this.stage = { kind: 'error', error };
    else if (payload === undefined && this.#saysJson) this.stage = { kind: 'malformed', what: 'unparsable' };
    else this.stage = { kind: 'answer' };
  }
}

/**
 * Reads an answer that is no event stream. A normal answer shows itself in its first chunk; only what may be an error in
 * disguise is looked at up to 64 KiB. `now` only serves to turn times in an error into durations. Refers to at most 1 MiB
 * of chunks, until the end, for usage; a longer body counts as whole when it ends, and its usage is not known.
 */
export const createBodyReader = (dialect: Dialect, contentType: string | undefined, now: EpochMs): AnswerReader =>
  new BodyReader(dialect, contentType, now);
