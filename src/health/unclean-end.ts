import type { EpochMs } from '../domain/time.js';

/** What a run wrote down of itself, some four times a second while there was something to say. */
export interface RunNote {
  readonly seenAt: EpochMs;
  /** Log rows recorded since its start, stored or waiting. */
  readonly recorded: number;
  /** The pace at which log rows came of late. */
  readonly rowsPerSecond: number;
  readonly callsUnderWay: number;
}

/** A run that ended without saying so: killed, out of memory, a power failure. */
export interface UncleanEnd {
  readonly startedAt: EpochMs;
  /** The last sign of life; the end came at most some seconds later. */
  readonly seenAt: EpochMs;
  /** Log rows that had been recorded by then and are not in the table. */
  readonly rowsMissing: number;
  /** An estimate: rows of the last moments that nobody can know of, at most about this many. */
  readonly rowsUncertain: number;
  /** Calls under way when it was last seen: cut, and without a row. */
  readonly callsCut: number;
}

/** Rows reach the table within this part of a second: the interval of the log queue, and as much again for a busy machine. */
const secondsUnstored = 0.5;

/**
 * What is missing, from the last note and the number of rows the run has stored. Rows are counted where they are made and
 * noted a moment later, because nothing may be written to a disk while a client waits: so the rows of the very last moments
 * can only be estimated, from the pace at which they came.
 */
export const uncleanEndOf = (startedAt: EpochMs, note: RunNote, rowsStored: number): UncleanEnd => {
  const storedSince = rowsStored - note.recorded;
  return {
    startedAt,
    seenAt: note.seenAt,
    rowsMissing: Math.max(0, note.recorded - rowsStored),
    rowsUncertain: Math.max(Math.ceil(note.rowsPerSecond * secondsUnstored), storedSince),
    callsCut: note.callsUnderWay,
  };
};

/** For the log; `isShared`: it may have been another replica. */
export const uncleanEndSentence = ({ seenAt, rowsMissing, rowsUncertain, callsCut }: UncleanEnd, isShared = false): string =>
  `${isShared ? 'A gateway on this database did not end properly' : 'The program did not end properly when it last ran'}; it was last seen at ${new Date(seenAt).toISOString()}. ` +
  `Of the request log ${rowsMissing} rows are missing, and about ${rowsUncertain} more of its last second at most (an estimate); ` +
  `${callsCut} calls were under way and have no row. Everything else that was stored is there.`;
