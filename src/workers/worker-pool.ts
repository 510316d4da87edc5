import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { secondMs } from '../domain/time.js';
import { newHopSecret } from '../proxy/hop-marks.js';
import { PooledCalls } from './pooled-calls.js';
import { WorkerBooks, type Books } from './worker-books.js';
import { workerArgument } from './worker-argument.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** A worker that lives at least this long has not failed at its start: the next is started without waiting. */
const settledMs = 10 * secondMs;
/** Wait before another worker is started, doubled with every one that fails at its start. */
const restartMs = { min: 100, max: 10 * secondMs } as const;
/** How long a worker may take to close its connections before it is ended by force. */
const closeMsMax = 5 * secondMs;

export interface PoolOptions {
  readonly config: Config;
  /** Where the control plane listens for requests that the workers pass on. */
  readonly controlPath: string;
  readonly books: Books;
  /** Takes a sentence for the operator. */
  readonly warn: (sentence: string) => void;
}

/** The relaying processes behind the one port: started, fed, replaced when they die, and brought to rest. */
export class WorkerPool {
  readonly calls = new PooledCalls();
  private readonly options: PoolOptions;
  private readonly books: WorkerBooks;
  private readonly workers = new Map<number, Worker>();
  /** Those that have been told how to start; what is said to the others before would be lost. */
  private readonly begun = new Set<number>();
  private readonly draining = new Map<number, () => void>();
  private readonly hopSecret = newHopSecret();
  private isStopping = false;
  private failedStarts = 0;

  constructor(options: PoolOptions) {
    this.options = options;
    this.books = new WorkerBooks(options.books, (news, except) => this.tellAll({ kind: 'news', ...news }, except));
    options.books.channels.onReplace((channels) => this.tellAll({ kind: 'channels', channels }));
    // The kernel would give most connections to one worker while the machine is quiet (docs/adr/0024).
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({ exec: fileURLToPath(new URL('../main.js', import.meta.url)), args: [workerArgument], serialization: 'advanced' });
  }

  /** Starts the workers; resolves with the port when all listen. Rejects with a sentence when one of them cannot. */
  async start(): Promise<number> {
    const ports = await Promise.all(Array.from({ length: this.options.config.workers }, () => this.startOne()));
    return ports[0] ?? this.options.config.port;
  }

  /** No worker takes new model calls from here on; resolves when the last running one has ended. */
  async drain(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.workers.values()].map((worker) => new Promise<void>((resolve) => this.drainOne(worker, resolve))));
  }

  /** Ends the calls that are still under way; what becomes of them is heard before `drain` resolves. */
  cutOff(): void {
    this.tellAll({ kind: 'cut-off' });
  }

  /** Closes every connection, once clients have taken what is left or `takenWithinMs` have passed; resolves when all workers have ended. */
  async close(takenWithinMs: number): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.workers.values()].map((worker) => this.closeOne(worker, takenWithinMs)));
  }

  private startOne(): Promise<number> {
    const worker = cluster.fork();
    const { id } = worker;
    const startedAt = performance.now();
    this.workers.set(id, worker);
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') this.begin(worker);
        else if (message.kind === 'listening') resolve(message.port);
        else if (message.kind === 'refused') reject(new Error(message.sentence));
        else this.receive(worker, message);
      });
      // Without a listener the failure to reach a worker that is going would end this process too.
      worker.on('error', () => undefined);
      worker.once('exit', (code, signal) => {
        const how = signal === null ? `code ${code}` : signal;
        reject(new Error(`a worker ended with ${how} before it listened`));
        this.ended(id, how, performance.now() - startedAt);
      });
    });
  }

  private begin(worker: Worker): void {
    if (this.isStopping) {
      worker.process.kill('SIGKILL');
      return;
    }
    this.begun.add(worker.id);
    const { config, controlPath } = this.options;
    this.tell(worker, { kind: 'start', start: { config, controlPath, hopSecret: this.hopSecret, ...this.books.present } });
  }

  private receive(worker: Worker, message: Exclude<FromWorker, { kind: 'ready' | 'listening' | 'refused' }>): void {
    switch (message.kind) {
      case 'ended':
        for (const call of message.calls) this.books.record(call);
        this.tell(worker, { kind: 'taken' });
        if (message.dropped > 0) this.options.warn(`A worker's calls end faster than they can be logged: ${message.dropped} log rows were given up.`);
        return;
      case 'news':
        this.books.enter(worker.id, message);
        return;
      case 'report':
        this.calls.note(worker.id, message.report);
        return;
      case 'sentence':
        this.options.warn(message.sentence);
        return;
      case 'drained':
        this.draining.get(worker.id)?.();
        return;
    }
  }

  private ended(id: number, how: string, lifeMs: number): void {
    this.workers.delete(id);
    this.begun.delete(id);
    this.draining.get(id)?.();
    const lost = this.calls.forget(id);
    if (this.isStopping) return;
    this.options.warn(`A relaying worker ended with ${how}, and ${lost} calls with it; another takes its place.`);
    this.failedStarts = lifeMs >= settledMs ? 0 : this.failedStarts + 1;
    const waitMs = this.failedStarts === 0 ? 0 : Math.min(restartMs.min * 2 ** (this.failedStarts - 1), restartMs.max);
    setTimeout(() => this.replace(), waitMs);
  }

  private replace(): void {
    if (this.isStopping) return;
    this.startOne().catch((error: unknown) => this.options.warn(`A relaying worker did not start: ${String(error)}`));
  }

  /** One that is still loading has no calls, and ends when it is ready. */
  private drainOne(worker: Worker, done: () => void): void {
    if (!this.begun.has(worker.id)) return done();
    this.draining.set(worker.id, done);
    this.tell(worker, { kind: 'drain' });
  }

  private closeOne(worker: Worker, takenWithinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const tooLate = setTimeout(() => worker.process.kill('SIGKILL'), takenWithinMs + closeMsMax);
      worker.once('exit', () => {
        clearTimeout(tooLate);
        resolve();
      });
      if (this.begun.has(worker.id)) this.tell(worker, { kind: 'close', takenWithinMs });
      else worker.process.kill('SIGKILL');
    });
  }

  private tellAll(message: ToWorker, except?: number): void {
    for (const worker of this.workers.values()) if (worker.id !== except) this.tell(worker, message);
  }

  private tell(worker: Worker, message: ToWorker): void {
    if (this.begun.has(worker.id) && worker.isConnected()) worker.send(message);
  }
}
