/** Memory that rules, and remembers what of it has not been written yet. */
export interface DirtyMemory<Change> {
  takeChanges(): readonly Change[];
  putBack(changes: readonly Change[]): void;
}

/** The table behind it. */
export interface ChangeTable<Change> {
  apply(changes: readonly Change[]): Promise<void>;
}

export interface WriteBehindOptions<Change> {
  /** What is written, for the operator: "cooldowns". */
  readonly what: string;
  readonly memory: DirtyMemory<Change>;
  readonly table: ChangeTable<Change>;
  readonly warn: (sentence: string) => void;
  readonly everyMs?: number;
}

export const writeBehindEveryMs = 1_000;

/** Carries one memory's changes to its table once a second. What fails is put back and goes with the next changes. */
export class WriteBehind<Change> {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;
  private isFailing = false;

  constructor(private readonly options: WriteBehindOptions<Change>) {}

  start(): void {
    this.timer ??= setInterval(() => {
      // A write that takes longer than the interval is waited for, not overtaken.
      if (!this.isWriting) void this.write();
    }, this.options.everyMs ?? writeBehindEveryMs).unref();
  }

  /** Stops the clock and writes what is left, once. False when that failed: the changes are lost with the process. */
  async stop(): Promise<boolean> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.writing;
    await this.write();
    return !this.isFailing;
  }

  /** Writes what has changed so far. Never rejects. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeOnce());
    return this.writing;
  }

  private async writeOnce(): Promise<void> {
    const { what, memory, table, warn } = this.options;
    const changes = memory.takeChanges();
    if (changes.length === 0) return;
    this.isWriting = true;
    try {
      await table.apply(changes);
      this.isFailing = false;
    } catch (error) {
      memory.putBack(changes);
      if (!this.isFailing) warn(`The ${what} cannot be stored and are kept in memory: ${String(error)}`);
      this.isFailing = true;
    } finally {
      this.isWriting = false;
    }
  }
}
