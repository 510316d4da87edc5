import type { UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

/**
 * What has been understood of an answer so far.
 *
 * - `undecided`: nothing meaningful yet, so another channel could still take over;
 * - `answer`: it proved itself; from here on it is relayed as it comes;
 * - `error`: an error object stands where the answer should be;
 * - `malformed`: it is not an answer at all.
 */
export type AnswerStage =
  | { readonly kind: 'undecided' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'error'; readonly error: UpstreamError }
  | { readonly kind: 'malformed'; readonly what: Malformation };

/** `html`: markup with a 2xx; `empty`: no body; `unparsable`: JSON that is none. */
export type Malformation = 'html' | 'empty' | 'unparsable';

/**
 * Reads the (decoded) bytes of one 2xx answer as they are relayed: decides when it is worth committing to, whether it is
 * whole, and what it cost. It never changes or delays a byte; it keeps no more than its documented bounds.
 */
export interface AnswerReader {
  /** Takes the next bytes, in any chunking. The chunk is not kept beyond the bounds of the reader and never written to. */
  push(chunk: Buffer): void;
  /** The upstream ended cleanly. Decides what was still undecided. */
  end(): void;
  /** True where events are read; `false` as long as that has not shown. */
  readonly isEventStream: boolean;
  /** Moves only forward: `undecided` → one of the others. */
  readonly stage: AnswerStage;
  /** The first error event of a stream: the upstream broke it itself, and told. While undecided it is the stage as well. */
  readonly lateError: UpstreamError | undefined;
  /** True once nothing is missing: the dialect's terminal event came, or (non-streaming, after `end`) the body is whole. */
  readonly isWhole: boolean;
  /** An event stream has begun to answer, if only by announcing itself; comments and pings do not count. */
  readonly isAnnounced: boolean;
  /** Counts complete events other than comments (non-streaming: chunks): a watcher that sees it stand still sees silence. */
  readonly progress: number;
  /** True between two lines of an event stream, where a comment line may be inserted. Always false for other bodies. */
  readonly atLineStart: boolean;
  /** Tokens reported so far; later reports replace earlier ones. */
  readonly usage: Usage | undefined;
}
