import type { Outcome } from '../domain/outcome.js';
import { readErrorBody } from '../domain/upstream-error.js';
import { decodeText } from './content-decoder.js';
import type { RawHeaders } from './headers.js';
import type { ResponseHead } from './response-head.js';

/** Answer bytes held back while nothing meaningful has come; beyond it the stream is committed as it is. */
export const heldBytesMax = 256 * 1024;
/** Bytes kept of an answer with a status outside 2xx; a longer one that is to be relayed streams through. */
export const refusalBytesMax = 64 * 1024;

/** An answer that was held back, for the client in case nobody does better. */
export interface HeldAnswer {
  readonly status: number;
  readonly statusMessage: string;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  /** False when the upstream sent more than was kept, or broke off: the body must not pass for the whole. */
  readonly isWhole: boolean;
}

/** The bytes of an answer that the client has not seen yet. Its owner looks at `bytes` and keeps the bounds. */
export class HeldBytes {
  #chunks: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** Hands the bytes over and forgets them. */
  release(): readonly Buffer[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  asAnswer({ status, statusMessage, headers }: ResponseHead, isWhole: boolean): HeldAnswer {
    return { status, statusMessage, headers, body: Buffer.concat(this.#chunks), isWhole };
  }

  /** What an answer with a status outside 2xx says, as far as it has come. */
  asRefusal({ status, header, encoding }: ResponseHead): Outcome {
    const text = decodeText(encoding, Buffer.concat(this.#chunks), refusalBytesMax);
    const error = text === '' ? undefined : readErrorBody(text, status, Date.now());
    return { kind: 'refused', refusal: { status, header, error } };
  }
}
