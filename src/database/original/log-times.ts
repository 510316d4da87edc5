import type { EpochMs } from '../../domain/time.js';
import { epochMsOfStored } from './go-time.js';

/**
 * What the times of log rows mean, asked in the order of their ids. One that cannot be read is taken to be that of the row
 * before: rows were stored as they happened.
 */
export class LogTimes {
  /** Times asked for that could not be read. */
  unreadable = 0;

  /** `last` stands in for all while none can be read. */
  constructor(private last: EpochMs) {}

  /** Rows before any time that can be read get the first one of these that can. */
  beginWith(stored: readonly unknown[]): void {
    this.last = stored.map(epochMsOfStored).find((time) => time !== undefined) ?? this.last;
  }

  of(stored: unknown): EpochMs {
    const time = epochMsOfStored(stored);
    if (time === undefined) this.unreadable += 1;
    else this.last = time;
    return this.last;
  }
}
