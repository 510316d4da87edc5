import { Worker } from 'node:worker_threads';
import type { LineListener } from './database-line.js';
import { messageOf } from './error-message.js';
import type { OpenOptions } from './open-database.js';
import { errorOf, type RepositoryCall, type RepositoryCaller } from './repository-calls.js';
import type { FromDatabase, ToDatabase } from './thread-messages.js';

/** Longest wait for the thread to finish what it has been given and to close the file. */
export const closeWithinMs = 15_000;

/** What a thread may take for short-lived values: V8's own limit would let an idle thread keep 48 MB of it. */
const youngGenerationMbMax = 8;

interface PendingCall {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** Carries calls to the database thread and answers back, at most `pendingCallsMax` at a time. */
export class ThreadCaller implements RepositoryCaller {
  private readonly pending = new Map<number, PendingCall>();
  private lastId = 0;
  refusedCalls = 0;
  private downBecause: string | undefined;
  private listener: LineListener | undefined;
  private isLineOpen = false;
  private readonly exited: Promise<void>;

  /** Takes over a thread that has said it is open. */
  constructor(
    private readonly thread: Worker,
    private readonly pendingCallsMax: number,
    private isWritable = true,
  ) {
    this.exited = new Promise((resolve) => {
      thread.once('exit', (code) => {
        this.fail(`the database thread ended with code ${code}`);
        resolve();
      });
    });
    thread.on('error', (error) => this.fail(`the database thread died: ${messageOf(error)}`));
    thread.on('message', (message: FromDatabase) => this.receive(message));
  }

  /** Starts the thread; rejects with the sentence of the refusal when the database cannot be opened. */
  static async start({ tell, ...options }: OpenOptions, pendingCallsMax: number): Promise<ThreadCaller> {
    const thread = new Worker(new URL('./database-thread.js', import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMbMax },
    });
    const isReadOnly = await new Promise<boolean>((resolve, reject) => {
      const receive = (message: FromDatabase): void => {
        if (message.kind === 'news') return tell?.(message.news);
        thread.off('message', receive);
        if (message.kind === 'open') resolve(message.isReadOnly);
        else reject(new Error(message.kind === 'refused' ? message.sentence : 'the database thread spoke out of turn'));
      };
      thread.on('message', receive);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`the database thread ended with code ${code} before it was ready`)));
    });
    return new ThreadCaller(thread, pendingCallsMax, !isReadOnly);
  }

  get isUp(): boolean {
    return this.downBecause === undefined;
  }

  get isReadOnly(): boolean {
    return !this.isWritable;
  }

  get pendingCalls(): number {
    return this.pending.size;
  }

  call(call: RepositoryCall): Promise<unknown> {
    if (this.downBecause !== undefined) return Promise.reject(new Error(this.downBecause));
    if (this.pending.size >= this.pendingCallsMax) {
      this.refusedCalls += 1;
      return Promise.reject(new Error(`the database is busy: ${this.pendingCallsMax} calls are waiting already`));
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.send({ kind: 'call', id, ...call });
      this.pending.set(id, { resolve, reject });
    });
  }

  async close(): Promise<void> {
    if (this.isUp) {
      this.send({ kind: 'close' });
      this.downBecause = 'the database is closed';
    }
    const tooLate = setTimeout(() => void this.thread.terminate(), closeWithinMs);
    await this.exited;
    clearTimeout(tooLate);
  }

  private send(message: ToDatabase): void {
    this.thread.postMessage(message);
  }

  /** Sends a text to the others that have the database open. */
  tell(text: string): void {
    if (this.isUp) this.send({ kind: 'tell', text });
  }

  hear(listener: LineListener): void {
    this.listener = listener;
    // The way may have been opened before anybody listened.
    if (this.isLineOpen) listener.opened();
  }

  private receive(message: FromDatabase): void {
    if (message.kind === 'heard') return this.listener?.heard(message.text);
    if (message.kind === 'line-opened') {
      this.isLineOpen = true;
      return this.listener?.opened();
    }
    if (message.kind === 'writable') {
      this.isWritable = true;
      return;
    }
    if (message.kind !== 'result' && message.kind !== 'error') return;
    const call = this.pending.get(message.id);
    if (call === undefined) return;
    this.pending.delete(message.id);
    if (message.kind === 'result') call.resolve(message.result);
    else call.reject(errorOf(message));
  }

  /** Nobody answers any more: whoever still waits is told. */
  private fail(why: string): void {
    this.downBecause ??= why;
    for (const { reject } of this.pending.values()) reject(new Error(why));
    this.pending.clear();
  }
}
