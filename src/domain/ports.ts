import type { AttemptRecord } from './call.js';
import type { Catalog } from './catalog.js';
import type { ChannelId } from './channel.js';
import type { Penalty, Standing, Trial } from './cooldown.js';
import type { EpochMs } from './time.js';
import type { CallerTrace } from './trace-context.js';

/*
 * The roles the data plane needs from the rest. Every method is synchronous: a port that returned a promise would be
 * the database knocking on the request path.
 */

/** The channels as they are now; the reference changes, the value behind it never does. */
export interface ChannelDirectory {
  readonly catalog: Catalog;
}

/** Who cools until when, and who may try a channel whose cooldown is over. */
export interface CooldownBook {
  /** How the channel stands for this model at `now`; both the channel's own cooldown and that of the pair count. */
  standing(channelId: ChannelId, model: string, now: EpochMs): Standing;
  /** Takes the single probe place of every scope that is not open for the pair as the trial begins. False: another probe holds one. */
  beginProbe(trial: Trial): boolean;
  /** Gives the probe place back without a verdict; the caller holds it. */
  endProbe(trial: Trial): void;
  /** An answer of this pair has begun to reach its client: whoever waited for a probe may go on. */
  commit(trial: Trial): void;
  /** A complete success: forgets the cooldowns of the channel and the pair, save those imposed after the trial began. */
  succeed(trial: Trial): void;
  /** Cools what the penalty names. */
  penalise(trial: Trial, penalty: Penalty, now: EpochMs): void;
}

/** Where the next request of (model, priority) starts in its tier. */
export interface RotationCursor {
  /** 0 or more; may exceed the tier's length when channels have gone since. */
  position(model: string, priority: number): number;
  moveTo(model: string, priority: number, position: number): void;
}

/** Where finished attempts go. Never blocks, never throws; what does not fit is dropped and counted. */
export interface CallSink {
  /** All attempts of one request, and the trace that its client said it belongs to. */
  record(attempts: readonly AttemptRecord[], caller?: CallerTrace): void;
}

/** What becomes of the headers of a trace on their way through. */
export interface TraceHeaders {
  /** Takes them out of a client's headers (a flat list), where they are not to be relayed. */
  take(headers: string[]): CallerTrace | undefined;
  /** Adds them to the headers of an attempt, where upstreams are to go on with the trace. */
  add(headers: string[], call: TracedCall, attempt: number): void;
}

export interface TracedCall {
  readonly requestId: string;
  readonly caller: CallerTrace | undefined;
}

/** Who may call `/v1/*`. */
export interface AccessGate {
  /** True when anybody may, because there is no token to show. */
  readonly isOpen: boolean;
  /** A label for the log when the token opens the gate (or the gate is open to all); `undefined` when it does not. */
  admit(token: string | undefined): string | undefined;
}

/** A model call under way, as those see it who watch. It changes while they look; what they keep they copy. */
export interface CallUnderWay {
  readonly requestId: string;
  readonly receivedAt: EpochMs;
  /** Empty until the body has been read. */
  readonly model: string;
  readonly isStreaming: boolean;
  /** The channel that is being tried, or serves. */
  readonly channelId: ChannelId | undefined;
  /** 0 until the first channel is tried. */
  readonly attempt: number;
  /** When the answer began to reach the client. */
  readonly committedAt: EpochMs | undefined;
  /** Body bytes handed to the client so far. */
  readonly bytes: number;
}

/** The bodies of all requests under way. */
export interface BodiesHeld {
  /** Bytes. */
  readonly held: number;
  /** Bodies that were turned away because there was no room. */
  readonly refused: number;
}

/** All model calls under way. */
export interface CallsUnderWay {
  readonly size: number;
  /** Those whose stream has begun to reach the client. */
  readonly streams: number;
  readonly calls: Iterable<CallUnderWay>;
  /** Calls that were turned away because there was no room. */
  readonly refused: number;
}
