import type { LineEnd, LineListener } from './database-line.js';
import type { OpenRepositories } from './open-repositories.js';
import { errorOf, failureOf, SerialCalls, type RepositoryCall, type RepositoryCaller } from './repository-calls.js';

/**
 * Calls the repositories on the caller's own thread, for tests. Values are cloned as between threads, so that a test
 * notices what could not cross.
 */
export class InlineCaller implements RepositoryCaller {
  private readonly calls: SerialCalls;
  private line: LineEnd | undefined;
  isUp = true;
  get isReadOnly(): boolean {
    return this.database.isReadOnly;
  }
  /** A call here takes no place in any queue. */
  readonly pendingCalls = 0;
  readonly refusedCalls = 0;

  constructor(private readonly database: OpenRepositories) {
    this.calls = new SerialCalls(database);
  }

  async call(call: RepositoryCall): Promise<unknown> {
    if (!this.isUp) throw new Error('the database is closed');
    const crossed = structuredClone(call);
    const result = await this.calls.run(crossed).catch((error: unknown) => {
      throw errorOf(failureOf(call, error));
    });
    return structuredClone(result);
  }

  tell(text: string): void {
    this.line?.send(text);
  }

  hear(listener: LineListener): void {
    this.line = this.database.openLine?.(listener);
  }

  async close(): Promise<void> {
    if (!this.isUp) return;
    this.isUp = false;
    await this.calls.settled();
    await this.line?.close();
    await this.database.close();
  }
}
