import type { AttemptRecord } from '../domain/call.js';

/** One stored attempt. Times are milliseconds here; the table keeps durations in seconds, as the first ccLoad did. */
export interface LogRow extends AttemptRecord {
  readonly id: number;
}

export interface LogPage {
  /** Newest first. */
  readonly rows: readonly LogRow[];
  /** How many rows the filter matches in all, whatever the limit. */
  readonly count: number;
}

/** A page whose rows are a JSON array of `LogView`. */
export interface LogPageJson {
  readonly json: string;
  readonly count: number;
}

/** Attempts at one channel in one hour. */
export interface HourlyAttempts {
  readonly channelId: number;
  /** When the hour begins. */
  readonly hour: number;
  readonly attempts: number;
}

/** What the attempts at one channel came to; a client that left counts as neither. */
export interface AttemptCounts {
  readonly channelId: number;
  readonly succeeded: number;
  readonly failed: number;
}
