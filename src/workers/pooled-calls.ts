import type { BodiesHeld, CallsUnderWay, CallUnderWay } from '../domain/ports.js';
import type { WorkerReport } from './worker-messages.js';

const nothing: WorkerReport = { size: 0, streams: 0, refused: 0, calls: [], bodyBytes: 0, bodiesRefused: 0 };

/** The bodies, read when somebody asks. */
class PooledBodies implements BodiesHeld {
  constructor(
    private readonly bytes: () => number,
    private readonly turnedAway: () => number,
  ) {}

  get held(): number {
    return this.bytes();
  }

  get refused(): number {
    return this.turnedAway();
  }
}

/** What is under way in all workers together, as they said a moment ago. What ended workers had refused stays counted. */
export class PooledCalls implements CallsUnderWay {
  private readonly reports = new Map<number, WorkerReport>();
  private past = { refused: 0, bodiesRefused: 0 };

  note(worker: number, report: WorkerReport): void {
    this.reports.set(worker, report);
  }

  /** The worker has ended. Returns how many calls ended with it. */
  forget(worker: number): number {
    const { size, refused, bodiesRefused } = this.reports.get(worker) ?? nothing;
    this.past = { refused: this.past.refused + refused, bodiesRefused: this.past.bodiesRefused + bodiesRefused };
    this.reports.delete(worker);
    return size;
  }

  get size(): number {
    return this.sum((report) => report.size);
  }

  get streams(): number {
    return this.sum((report) => report.streams);
  }

  get refused(): number {
    return this.past.refused + this.sum((report) => report.refused);
  }

  /** Those that began first in front; of every worker the first that are ever shown. */
  get calls(): readonly CallUnderWay[] {
    return [...this.reports.values()].flatMap((report) => report.calls).sort((a, b) => a.receivedAt - b.receivedAt);
  }

  readonly bodies: BodiesHeld = new PooledBodies(
    () => this.sum((report) => report.bodyBytes),
    () => this.past.bodiesRefused + this.sum((report) => report.bodiesRefused),
  );

  private sum(of: (report: WorkerReport) => number): number {
    let sum = 0;
    for (const report of this.reports.values()) sum += of(report);
    return sum;
  }
}
