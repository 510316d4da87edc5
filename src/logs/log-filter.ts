import type { ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';

/** A class of status codes, or one code. */
export type StatusFilter = '2xx' | '4xx' | '5xx' | number;

/** Which log rows are asked for. A field left out asks for nothing. */
export interface LogFilter {
  /** Attempts that began at or after this moment: now minus at most `logHoursMax` hours. */
  readonly since: EpochMs;
  /** 1 to `logPageRowsMax`. */
  readonly limit: number;
  /** Rows to pass over, 0 or more. */
  readonly offset: number;
  readonly channelId?: ChannelId | undefined;
  readonly channelName?: string | undefined;
  /** A part of the channel's name; ASCII letters match in either case, `%` and `_` stand for themselves. */
  readonly channelNameLike?: string | undefined;
  readonly model?: string | undefined;
  /** A part of the model's name, as with `channelNameLike`. */
  readonly modelLike?: string | undefined;
  readonly status?: StatusFilter | undefined;
  readonly requestId?: string | undefined;
}

export const logHoursMax = 720;
export const logPageRowsMax = 1_000;
