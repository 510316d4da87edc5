import { Logger } from '@nestjs/common';
import { messageOf } from './error-message.js';

/** Memory that rules, and remembers what of it has not been written yet. */
export interface DirtyMemory<Change> {
  takeChanges(): readonly Change[];
  /** These could not be written: they are taken again with the next changes. */
  putBack(changes: readonly Change[]): void;
}

/**
 * Carries one memory's changes to its table, one step at a time. What cannot be written is put back and goes with the
 * next changes; the memory's own bound bounds what waits.
 */
export class WriteBehind<Change> {
  private writing: Promise<void> | undefined;
  private isFailing = false;

  /** `what` is for the operator ("cooldowns"); `apply` stores changes, all or none, and may reject. */
  constructor(
    private readonly what: string,
    private readonly memory: DirtyMemory<Change>,
    private readonly apply: (changes: readonly Change[]) => Promise<void>,
    private readonly warn: (sentence: string) => void = (sentence) => new Logger('WriteBehind').warn(sentence),
  ) {}

  /**
   * Resolves when everything that had changed by now is written, or has been tried and put back. Never rejects. A step
   * under way is waited for, and what changed since it began is written after it.
   */
  async flush(): Promise<void> {
    await this.writing;
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
    await this.writing;
  }

  private async write(): Promise<void> {
    const changes = this.memory.takeChanges();
    if (changes.length === 0) return;
    try {
      await this.apply(changes);
      this.isFailing = false;
    } catch (error) {
      this.memory.putBack(changes);
      if (!this.isFailing) this.warn(`The ${this.what} cannot be stored and are kept in memory: ${messageOf(error)}`);
      this.isFailing = true;
    }
  }
}
