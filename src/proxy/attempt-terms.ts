import type { Dialect } from '../domain/dialect.js';
import type { Outcome } from '../domain/outcome.js';
import type { Usage } from '../domain/usage.js';
import type { Downstream } from './downstream.js';
import type { RawHeaders } from './headers.js';
import type { HeldAnswer } from './held-answer.js';
import type { Lease } from './upstream.js';

/** Milliseconds; see the environment variables of the same names. */
export interface AttemptLimits {
  readonly connectMs: number;
  readonly firstEventMs: number;
  readonly streamIdleMs: number;
  readonly responseMs: number;
}

/** One request as it goes to one channel. */
export interface AttemptRequest {
  readonly dialect: Dialect;
  /** Request path without query: it decides which event ends a stream. */
  readonly path: string;
  /** Path and query as they go to the upstream. */
  readonly target: string;
  readonly headers: string[];
  readonly body: Buffer;
  /** The client asked for a stream. */
  readonly isStreaming: boolean;
  /** Headers of ours for the client's answer, as a flat list. */
  readonly ours: RawHeaders;
}

/** What an attempt stands between. */
export interface AttemptConnection {
  readonly lease: Lease;
  readonly downstream: Downstream;
  readonly limits: AttemptLimits;
  /** A 2xx has proved itself and begins to reach the client. */
  readonly onCommit: () => void;
}

/** How an attempt ended. */
export interface AttemptResult {
  readonly outcome: Outcome;
  /** The client has been served by this attempt, for better or worse; nothing may follow. */
  readonly committed: boolean;
  readonly held: HeldAnswer | undefined;
  readonly firstByteMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly usageIncomplete: boolean;
}
