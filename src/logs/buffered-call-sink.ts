import { messageOf } from '../database/error-message.js';
import type { AttemptRecord } from '../domain/call.js';
import type { CallSink } from '../domain/ports.js';
import { StorageError, type StorageProblem } from '../domain/storage-problem.js';
import { ByteRing } from './byte-ring.js';
import { copyOf, packedText, packRows, unpackRows, type PackedRows } from './packed-rows.js';

export const queuedRowsMax = 20_000;
/** Rows of one append; so many at once are written without waiting for the interval. */
export const rowsPerAppend = 500;
export const flushEveryMs = 250;
/** So few rows wait as objects that a collection of young values seldom finds them twice. */
const rowsPerPack = 50;
/** What waits while all is well: some 0.4 KB a row, and at the very most a batch under way and the next one. */
const ringBytes = 512 * 1024;
const retryMsMax = 30_000;
/** While the storage is at fault: soon enough that nobody waits for the log once it is mended. */
export const storageRetryMs = 1_000;
/** So often a batch can be halved before it is a single row; 500 is less than 2^9. A single row is tried once and given up. */
const singleRowAfterFailures = 9;

export interface CallSinkOptions {
  /**
   * Stores rows, all or none. May reject: they are then kept and tried again; a `StorageError` is no row's fault. A
   * connection may break when all has been done and nothing was heard of it: `mayBeStored` says that this was tried before.
   */
  readonly append: (packs: readonly PackedRows[], mayBeStored: boolean) => Promise<void>;
  /** Takes a sentence for the operator. */
  readonly warn: (sentence: string) => void;
  /** Takes the good news. */
  readonly inform?: (sentence: string) => void;
  readonly queuedRowsMax?: number;
}

export interface CallSinkCounters {
  readonly written: number;
  readonly dropped: number;
  /** Rows that wait, those of an append under way included. */
  readonly queued: number;
}

/**
 * Finished attempts on their way to the log: recorded at once, stored behind, in order, one append at a time. When the
 * database is slower than the traffic the queue fills up, and what does not fit is dropped and counted; a call is never
 * kept waiting for its log row.
 */
export class BufferedCallSink implements CallSink {
  /** What was recorded last, before it is packed. */
  private fresh: AttemptRecord[] = [];
  /** In their order, the oldest first. */
  private packs: PackedRows[] = [];
  private readonly ring = new ByteRing(ringBytes);
  private packedRows = 0;
  private timer: NodeJS.Timeout | undefined;
  private appending: Promise<void> | undefined;
  private failures = 0;
  private storageProblem: StorageProblem | undefined;
  private written = 0;
  private dropped = 0;
  private isOverflowing = false;

  constructor(private readonly options: CallSinkOptions) {}

  get counters(): CallSinkCounters {
    return { written: this.written, dropped: this.dropped, queued: this.queued };
  }

  /** Why nothing can be stored; `undefined` while that works, or was not tried. */
  get problem(): StorageProblem | undefined {
    return this.storageProblem;
  }

  private get queued(): number {
    return this.packedRows + this.fresh.length;
  }

  private get isFailing(): boolean {
    return this.failures > 0 || this.storageProblem !== undefined;
  }

  /** The attempts of one request are kept or dropped together. */
  record(attempts: readonly AttemptRecord[]): void {
    if (this.queued + attempts.length > (this.options.queuedRowsMax ?? queuedRowsMax)) {
      this.drop(attempts.length);
      return;
    }
    for (const attempt of attempts) this.take(attempt);
    if (this.appending === undefined && !this.isFailing && this.queued >= rowsPerAppend) this.appendNow();
    else this.schedule(flushEveryMs);
  }

  /** Stores what is queued, for at most `withinMs`; resolves with the number of rows that are still not stored. */
  async flush(withinMs: number): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    let isTimeUp = false;
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        isTimeUp = true;
        resolve();
      }, withinMs);
    });
    while (this.queued > 0 && !isTimeUp) {
      if (this.appending === undefined) this.appendNow();
      await Promise.race([this.appending, timeUp]);
      if (this.isFailing) await Promise.race([this.pause(flushEveryMs), timeUp]);
    }
    clearTimeout(timer);
    return this.queued;
  }

  private take(attempt: AttemptRecord): void {
    if (this.fresh.push(attempt) >= rowsPerPack) this.packFresh();
  }

  private packFresh(): void {
    if (this.fresh.length === 0) return;
    this.packs.push({ bytes: this.ring.put(packedText(this.fresh)), rows: this.fresh.length });
    this.packedRows += this.fresh.length;
    this.fresh = [];
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms).unref());
  }

  private schedule(inMs: number): void {
    if (this.timer !== undefined || this.appending !== undefined) return;
    this.timer = setTimeout(() => this.appendNow(), inMs);
    // The queue must not keep a process alive that has nothing else to do; shutting down flushes it.
    this.timer.unref();
  }

  private appendNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.appending !== undefined || this.queued === 0) return;
    this.packFresh();
    this.appending = this.append(this.nextBatch(this.batchRows()));
  }

  /** The oldest packs that have no more rows than this together; a single pack that has more is divided. */
  private nextBatch(rowsMax: number): readonly PackedRows[] {
    this.divideFirst(rowsMax);
    let rows = 0;
    const end = this.packs.findIndex((pack) => (rows += pack.rows) > rowsMax);
    return end === -1 ? [...this.packs] : this.packs.slice(0, end);
  }

  private divideFirst(rowsMax: number): void {
    const [first] = this.packs;
    if (first === undefined || first.rows <= rowsMax) return;
    const records = unpackRows(first);
    this.ring.free(first.bytes);
    this.packs.splice(0, 1, packRows(records.slice(0, rowsMax)), packRows(records.slice(rowsMax)));
  }

  /** These are stored, or given up. */
  private forget(batch: readonly PackedRows[]): number {
    for (const { bytes } of batch) this.ring.free(bytes);
    const rows = batch.reduce((sum, pack) => sum + pack.rows, 0);
    this.packs = this.packs.slice(batch.length);
    this.packedRows -= rows;
    return rows;
  }

  /** Halves with every failure, so that one row the database will never take is found and does not hold up the others. */
  private batchRows(): number {
    return Math.max(1, rowsPerAppend >> Math.min(this.failures, singleRowAfterFailures));
  }

  private async append(batch: readonly PackedRows[]): Promise<void> {
    try {
      await this.options.append(batch.map(copyOf), this.isFailing);
      this.written += this.forget(batch);
      this.succeed();
      if (this.queued === 0) this.isOverflowing = false;
    } catch (error) {
      this.fail(error, batch);
    }
    this.appending = undefined;
    if (this.queued > 0) this.schedule(this.nextDelayMs());
  }

  private succeed(): void {
    if (this.storageProblem !== undefined) {
      this.options.inform?.(`The request log is written again; ${this.queued} rows wait, ${this.dropped} have been dropped since the start.`);
    }
    this.failures = 0;
    this.storageProblem = undefined;
  }

  private fail(error: unknown, batch: readonly PackedRows[]): void {
    if (!this.isFailing) this.options.warn(`The request log cannot be written and is kept in memory: ${messageOf(error)}`);
    if (error instanceof StorageError) {
      this.storageProblem = error.problem;
      return;
    }
    this.failures += 1;
    if (this.failures <= singleRowAfterFailures) return;
    this.dropped += this.forget(batch);
  }

  /** At once while there is a full batch, at the usual pace for less, and ever later while the database refuses the rows. */
  private nextDelayMs(): number {
    if (this.storageProblem !== undefined) return storageRetryMs;
    if (this.failures > 0) return Math.min(flushEveryMs * 2 ** this.failures, retryMsMax);
    return this.queued >= rowsPerAppend ? 0 : flushEveryMs;
  }

  private drop(rows: number): void {
    this.dropped += rows;
    if (this.isOverflowing) return;
    this.isOverflowing = true;
    this.options.warn('The request log cannot keep up: rows are being dropped until its queue is empty again.');
  }
}
