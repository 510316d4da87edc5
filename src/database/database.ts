import { inMemoryPath } from './in-memory-path.js';
import type { Remote } from './remote.js';
import { remoteMethods, type Manner, type Repositories, type RepositoryName } from './repositories.js';
import type { RepositoryCall, RepositoryCaller } from './repository-calls.js';
import { textBytesMax, type DatabaseLine } from './database-line.js';
import type { DatabasePlace } from './place.js';
import type { KeySecrets } from './key-secrets.js';
import type { Tell } from './opening-news.js';
import { ThreadCaller } from './thread-caller.js';

/** A file, whose folder is made when it is missing, or a server. */
export type DatabaseOptions = DatabasePlace & {
  /** What channel keys are sealed with; without it they lie open. */
  readonly secrets?: KeySecrets;
  /** Hears what an operator should know of the opening, a takeover from the original ccLoad. */
  readonly tell?: Tell;
  /** Calls that may wait at a time; one more is rejected. */
  readonly pendingCallsMax?: number;
  /** How long to wait for a server that does not answer yet. */
  readonly patienceMs?: number;
};

const pendingCallsMaxDefault = 1_000;
/** A server that was away when the reader was started may be back by then. */
const readerRetryMs = 5_000;

/** Starts the thread that reads. */
type StartReader = () => Promise<RepositoryCaller>;

/** The database as the main thread sees it: remotes of the repositories that live in the database threads. */
export class Database {
  /** Made with the first call that reads: until somebody looks at the log or the statistics, it would be idle memory. */
  private reader: Promise<RepositoryCaller> | undefined;
  private readerInUse: RepositoryCaller | undefined;

  private constructor(
    private readonly writer: RepositoryCaller,
    private readonly startReader: StartReader,
    /** True for a server, which other replicas may use too. */
    readonly isShared: boolean,
  ) {}

  /** Starts the thread that opens the database and migrates it. Rejects with a sentence for the operator. */
  static async open({ pendingCallsMax = pendingCallsMaxDefault, ...options }: DatabaseOptions): Promise<Database> {
    const writer = await ThreadCaller.start(options, pendingCallsMax);
    // A database in memory cannot be opened twice.
    if ('path' in options && options.path === inMemoryPath) return new Database(writer, () => Promise.resolve(writer), false);
    const place = 'url' in options ? { url: options.url } : { path: options.path };
    return new Database(writer, () => ThreadCaller.start({ ...place, where: 'reader', patienceMs: 0 }, pendingCallsMax), 'url' in options);
  }

  /** The same without a thread, for tests: a test runner that compiles as it loads cannot load a worker. */
  static async inline(options: DatabaseOptions): Promise<Database> {
    const { openDatabase } = await import('./open-database.js');
    const { InlineCaller } = await import('./inline-caller.js');
    const caller = new InlineCaller(await openDatabase(options));
    return new Database(caller, () => Promise.resolve(caller), 'url' in options);
  }

  /** False once the database is closed or the thread that writes has died; then every change is rejected. */
  get isUp(): boolean {
    return this.writer.isUp;
  }

  /**
   * The repository's asynchronous methods, each one atomic step in a database thread. A plain object with exactly
   * those methods: whoever probes it for others (`then`, lifecycle hooks) finds nothing.
   */
  remote<K extends RepositoryName>(repository: K): Remote<Repositories[K]>;
  // `remoteMethods` names exactly the keys of that type; that the results are of the types it promises holds because the
  // thread runs the same repositories.
  remote(repository: RepositoryName): object {
    const methods = Object.entries(remoteMethods[repository]).map(
      ([method, manner]) => [method, (...args: readonly unknown[]) => this.call(manner, { repository, method, args })] as const,
    );
    return Object.fromEntries(methods);
  }

  /** The way to the others that have the same database open; `undefined` for a file, which is nobody else's. */
  get line(): DatabaseLine | undefined {
    if (!this.isShared) return undefined;
    const { writer } = this;
    return { textBytesMax, send: (text) => writer.tell(text), listen: (listener) => writer.hear(listener) };
  }

  /** Calls that wait, and calls that were refused because too many waited, of both threads. */
  get load(): { readonly pending: number; readonly refused: number } {
    const { writer, readerInUse } = this;
    const callers = readerInUse === undefined || readerInUse === writer ? [writer] : [writer, readerInUse];
    return {
      pending: callers.reduce((sum, { pendingCalls }) => sum + pendingCalls, 0),
      refused: callers.reduce((sum, { refusedCalls }) => sum + refusedCalls, 0),
    };
  }

  /** Waits for the calls made so far, then closes the file and ends the threads: the writer last, who tidies up. */
  async close(): Promise<void> {
    const reader = await this.reader?.catch(() => undefined);
    if (reader !== undefined && reader !== this.writer) await reader.close();
    await this.writer.close();
  }

  private call(manner: Manner, call: RepositoryCall): Promise<unknown> {
    if (manner !== 'reader' || !this.writer.isUp || this.writer.isReadOnly) return this.writer.call(call);
    if (this.readerInUse !== undefined) return this.readerOrWriter(this.readerInUse).call(call);
    this.reader ??= this.startReading();
    // Without a second thread the first does its work too, only more slowly.
    return this.reader.then(
      (reader) => this.readerOrWriter(reader).call(call),
      () => this.writer.call(call),
    );
  }

  private startReading(): Promise<RepositoryCaller> {
    const starting = this.startReader().then((reader) => (this.readerInUse = reader));
    starting.catch(() => setTimeout(() => (this.reader = undefined), readerRetryMs).unref());
    return starting;
  }

  /** When the reader has died, the writer can do its work too. */
  private readerOrWriter(reader: RepositoryCaller): RepositoryCaller {
    return reader.isUp ? reader : this.writer;
  }
}
