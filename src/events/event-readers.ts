import type { EpochMs } from '../domain/time.js';

export const readersMax = 20;
/** Bytes that may wait for one reader. Whoever is further behind is let go, and comes back with a fresh start. */
export const backlogBytesMax = 256 * 1024;
/** A connection's longest life. Browsers connect again by themselves, and their session is looked at again. */
export const readerLifeMsMax = 15 * 60_000;

/** The side of an answer that a reader needs. */
export interface ReaderAnswer {
  write(text: string): unknown;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
  readonly writableLength: number;
}

/** Who listens to the events. Bounded in number and in what waits for each; `dropped` counts who was too slow. */
export class EventReaders {
  private readonly readers = new Map<ReaderAnswer, EpochMs>();
  dropped = 0;

  /** `onEmpty` is called when the last reader has gone. */
  constructor(private readonly onEmpty: () => void) {}

  get size(): number {
    return this.readers.size;
  }

  /** False: there are as many as may be. */
  add(answer: ReaderAnswer, now: EpochMs): boolean {
    if (this.readers.size >= readersMax) return false;
    this.readers.set(answer, now);
    answer.on('close', () => this.forget(answer));
    answer.on('error', () => this.forget(answer));
    return true;
  }

  send(text: string): void {
    if (text === '') return;
    for (const answer of this.readers.keys()) this.sendTo(answer, text);
  }

  /** What cannot be taken by a reader is not kept for it. */
  sendTo(answer: ReaderAnswer, text: string): void {
    if (answer.writableLength <= backlogBytesMax) {
      answer.write(text);
      return;
    }
    this.dropped += 1;
    answer.destroy();
    this.forget(answer);
  }

  /** Ends those who have listened for as long as a connection may live. */
  endOld(now: EpochMs): void {
    for (const [answer, since] of this.readers) if (now - since >= readerLifeMsMax) answer.end();
  }

  endAll(): void {
    for (const answer of this.readers.keys()) answer.end();
  }

  private forget(answer: ReaderAnswer): void {
    if (this.readers.delete(answer) && this.readers.size === 0) this.onEmpty();
  }
}
