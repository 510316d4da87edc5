import type { Config } from '../config/config.js';
import type { StoredCooldown } from '../cooldown/stored-cooldown.js';
import type { AttemptRecord } from '../domain/call.js';
import type { CallerTrace } from '../domain/trace-context.js';
import type { Channel } from '../domain/channel.js';
import type { News } from '../domain/news.js';
import type { CallUnderWay } from '../domain/ports.js';
import type { RotationPosition } from '../round-robin/rotation-position.js';

/*
 * What the process that keeps the books and its relaying workers tell each other. Messages of one sender arrive in the
 * order in which they were sent.
 */

/** Everything a worker starts with. */
export interface WorkerStart {
  readonly config: Config;
  /** Where requests for the control plane go. */
  readonly controlPath: string;
  /** What the workers know their own requests by, whichever of them sent it. */
  readonly hopSecret: string;
  readonly channels: readonly Channel[];
  readonly cooldowns: readonly StoredCooldown[];
  readonly rotation: readonly RotationPosition[];
}

/** What changed at the sender. */
export interface SharedNews {
  readonly news: readonly News[];
  readonly rotation: readonly RotationPosition[];
}

export type ToWorker =
  | { readonly kind: 'start'; readonly start: WorkerStart }
  | { readonly kind: 'channels'; readonly channels: readonly Channel[] }
  /** `from` names who has told it. */
  | ({ readonly kind: 'news'; readonly from: string } & SharedNews)
  /** The calls last sent have been taken; more may follow. */
  | { readonly kind: 'taken' }
  /** Refuse new model calls, and say when the last one has ended. */
  | { readonly kind: 'drain' }
  /** End the calls that have not ended by now. */
  | { readonly kind: 'cut-off' }
  /** Close every connection and end. */
  | { readonly kind: 'close'; readonly takenWithinMs: number };

/** What is under way in one worker, as it was a moment ago. */
export interface WorkerReport {
  readonly size: number;
  readonly streams: number;
  readonly refused: number;
  /** The first calls of all, as many as are ever shown. */
  readonly calls: readonly CallUnderWay[];
  readonly bodyBytes: number;
  readonly bodiesRefused: number;
}

/** A call that has ended, as a sink takes it. */
export interface EndedCall {
  readonly attempts: readonly AttemptRecord[];
  readonly caller: CallerTrace | undefined;
}

export type FromWorker =
  /** Loaded, and listening to what it is told. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'refused'; readonly sentence: string }
  /** The next batch waits for `taken`. `dropped`: log rows given up since the last batch. */
  | { readonly kind: 'ended'; readonly calls: readonly EndedCall[]; readonly dropped: number }
  | ({ readonly kind: 'news' } & SharedNews)
  | { readonly kind: 'report'; readonly report: WorkerReport }
  /** For the program's log. */
  | { readonly kind: 'sentence'; readonly sentence: string }
  | { readonly kind: 'drained' };
