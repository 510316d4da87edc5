import type { AttemptRecord } from '../domain/call.js';
import type { CallSink } from '../domain/ports.js';
import type { CallerTrace } from '../domain/trace-context.js';
import type { EndedCall } from './worker-messages.js';

/** Rows that may wait here while those before are being taken. */
export const waitingRowsMax = 20_000;
/** Rows of one batch: about a millisecond's work for whoever takes them. */
const rowsPerBatch = 500;
/** What is gathered goes out at least this often. */
const sendEveryMs = 50;

export interface OutgoingOptions {
  /** `dropped`: rows that had no room since the last batch. Whoever gets a batch answers by calling `taken`. */
  readonly send: (calls: readonly EndedCall[], dropped: number) => void;
  readonly waitingRowsMax?: number;
}

/**
 * A worker's ended calls on their way to the process that writes the log: in batches, one at a time, so that a slow
 * taker fills this queue and not the channel between the processes. What does not fit is dropped and counted.
 */
export class OutgoingCalls implements CallSink {
  #calls: EndedCall[] = [];
  #rows = 0;
  #dropped = 0;
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #onEmpty: (() => void)[] = [];
  readonly #options: OutgoingOptions;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** The attempts of one request are kept or dropped together. */
  record(attempts: readonly AttemptRecord[], caller?: CallerTrace): void {
    if (this.#rows + attempts.length > (this.#options.waitingRowsMax ?? waitingRowsMax)) {
      this.#dropped += attempts.length;
      return;
    }
    this.#calls.push({ attempts, caller });
    this.#rows += attempts.length;
    this.#timer ??= setTimeout(this.#onTimer, sendEveryMs);
  }

  /** The batch before has been taken. */
  taken(): void {
    this.#isAway = false;
    if (this.#rows >= rowsPerBatch) this.#send();
    if (this.#calls.length > 0 || this.#isAway) return;
    for (const wake of this.#onEmpty.splice(0)) wake();
  }

  /** Sends what waits; resolves when all of it has been taken. */
  flush(): Promise<void> {
    if (!this.#isAway) this.#send();
    return this.#isAway ? new Promise<void>((resolve) => this.#onEmpty.push(resolve)).then(() => this.flush()) : Promise.resolve();
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    if (!this.#isAway) this.#send();
    if (this.#calls.length > 0) this.#timer = setTimeout(this.#onTimer, sendEveryMs);
  };

  #send(): void {
    if (this.#calls.length === 0) return;
    const batch: EndedCall[] = [];
    let rows = 0;
    for (const call of this.#calls) {
      if (rows >= rowsPerBatch) break;
      batch.push(call);
      rows += call.attempts.length;
    }
    this.#calls = this.#calls.slice(batch.length);
    this.#rows -= rows;
    this.#isAway = true;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#options.send(batch, dropped);
  }
}
