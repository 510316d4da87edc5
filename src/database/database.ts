import type { Remote } from './remote.js';
import { remoteMethods, type Repositories, type RepositoryName } from './repositories.js';
import type { RepositoryCaller } from './repository-calls.js';
import { ThreadCaller } from './thread-caller.js';

export interface DatabaseOptions {
  /** The database file; its folder is made when it is missing. */
  readonly path: string;
  /** Calls that may wait at a time; one more is rejected. */
  readonly pendingCallsMax?: number;
}

const pendingCallsMaxDefault = 1_000;

/** The database as the main thread sees it: remotes of the repositories that live in the database thread. */
export class Database {
  private constructor(private readonly caller: RepositoryCaller) {}

  /** Starts the thread, opens the file and migrates it. Rejects with a sentence for the operator. */
  static async open({ path, pendingCallsMax = pendingCallsMaxDefault }: DatabaseOptions): Promise<Database> {
    return new Database(await ThreadCaller.start(path, pendingCallsMax));
  }

  /** The same without a thread, for tests: a test runner that compiles as it loads cannot load a worker. */
  static async inline({ path }: DatabaseOptions): Promise<Database> {
    const { openRepositories } = await import('./open-repositories.js');
    const { InlineCaller } = await import('./inline-caller.js');
    return new Database(new InlineCaller(await openRepositories({ path })));
  }

  /** False once the database is closed or its thread has died; then every call is rejected. */
  get isUp(): boolean {
    return this.caller.isUp;
  }

  /**
   * The repository's asynchronous methods, each one atomic step in the database thread. A plain object with exactly
   * those methods: whoever probes it for others (`then`, lifecycle hooks) finds nothing.
   */
  remote<K extends RepositoryName>(repository: K): Remote<Repositories[K]>;
  // `remoteMethods` names exactly the keys of that type; that the results are of the types it promises holds because the
  // thread runs the same repositories.
  remote(repository: RepositoryName): object {
    const methods = Object.keys(remoteMethods[repository]).map(
      (method) => [method, (...args: readonly unknown[]) => this.caller.call({ repository, method, args })] as const,
    );
    return Object.fromEntries(methods);
  }

  /** Waits for the calls made so far, then closes the file and ends the thread. */
  close(): Promise<void> {
    return this.caller.close();
  }
}
