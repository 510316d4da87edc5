import type { OpenRepositories } from './open-repositories.js';
import type { Repositories } from './repositories.js';

/** How the writer's connection is opened; `isReadOnly` says whether the file may be written to by now. */
export interface WriterOpening {
  readonly mayOnlyBeRead: () => Promise<boolean>;
  /** The same as at the start: whole, or for reading where that is all it may be. */
  readonly open: () => Promise<OpenRepositories>;
}

/**
 * Repositories on a file that may only be read. What is asked is answered; what is to be stored, SQLite refuses. After every
 * refusal it looks whether the file may be written to meanwhile, and from then on it is the writer.
 */
export class UntilWritable implements OpenRepositories {
  private isClosed = false;

  constructor(
    private current: OpenRepositories,
    private readonly opening: WriterOpening,
  ) {}

  get repositories(): Repositories {
    return this.current.repositories;
  }

  get isReadOnly(): boolean {
    return this.current.isReadOnly;
  }

  durably<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.current.durably(work);
  }

  async recover(): Promise<void> {
    if (!this.isReadOnly) return this.current.recover();
    if (!this.isClosed) {
      if (await this.opening.mayOnlyBeRead()) return this.current.recover();
      // Connections of one process share what SQLite has opened, so the one that may not write has to go first.
      this.isClosed = true;
      await this.current.close();
    }
    this.current = await this.opening.open();
    this.isClosed = false;
  }

  async close(): Promise<void> {
    if (!this.isClosed) await this.current.close();
  }
}
