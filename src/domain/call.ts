import type { ChannelId } from './channel.js';
import type { EpochMs } from './time.js';
import type { Usage } from './usage.js';

/** One line of the decision trace: a channel that was passed over, or one that was tried, and why. */
export interface TraceStep {
  readonly channelId: ChannelId;
  readonly channelName: string;
  /** In words an operator understands: "cooling for another 12 s: rate limit", "tried first: serves this session". */
  readonly note: string;
}

/**
 * What the log keeps of one attempt at one channel, or, with `attempt` 0, of a request that no channel was tried for.
 * Never a key, a token, a prompt, an answer, or free text of an upstream.
 */
export interface AttemptRecord {
  /** When the attempt began. */
  readonly time: EpochMs;
  /** UUIDv7, the same on all attempts of one client request. */
  readonly requestId: string;
  /** 1, 2, …; 0 when the gateway answered without trying a channel. */
  readonly attempt: number;
  /** True on exactly one record per client request: the one whose outcome the client got. */
  readonly final: boolean;
  readonly model: string;
  readonly channelId: ChannelId | undefined;
  readonly channelName: string | undefined;
  /** Request path without query. */
  readonly path: string;
  readonly statusCode: number;
  /** At most `logMessageCharsMax` characters; empty when all went well. */
  readonly message: string;
  readonly durationMs: number;
  readonly isStreaming: boolean;
  /** From the request being sent to the first byte of the answer; `undefined` when none came. */
  readonly firstByteMs: number | undefined;
  readonly usage: Usage | undefined;
  /** True when the answer ended before the upstream had finished it, so that `usage` may be too low. */
  readonly usageIncomplete: boolean;
  readonly clientIp: string;
  /** Which token the client used, as a label that reveals nothing of it. */
  readonly tokenLabel: string | undefined;
  /** Why this channel and not the others; only on the final record, and only when there was something to decide. */
  readonly trace: readonly TraceStep[] | undefined;
}

export const logMessageCharsMax = 512;
/** Steps kept in a decision trace; what is beyond is counted in its last note. */
export const traceStepsMax = 64;
