import { minuteMs } from '../domain/time.js';

/** The last part of the paths of OTLP/HTTP. */
export type Signal = 'traces' | 'metrics';

/** A collector that comes and goes is told of at most this often. */
const tellEveryMs = 10 * minuteMs;

export interface CollectorNewsOptions {
  /** Takes a sentence for the operator. */
  readonly warn: (sentence: string) => void;
  /** Takes the good news. */
  readonly inform: (sentence: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Tells once that the collector takes nothing, whatever is sent to it and however often, and once that it does again. */
export class CollectorNews {
  private readonly troubled = new Set<Signal>();
  private readonly now: () => number;
  private toldAt = Number.NEGATIVE_INFINITY;
  private isTold = false;

  constructor(private readonly options: CollectorNewsOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  failed(signal: Signal, problem: string): void {
    this.troubled.add(signal);
    if (this.isTold || this.now() - this.toldAt < tellEveryMs) return;
    this.isTold = true;
    this.toldAt = this.now();
    this.options.warn(`The OpenTelemetry collector does not take ${signal}: ${problem}. Model calls go on; what does not fit into memory is dropped and counted.`);
  }

  succeeded(signal: Signal): void {
    this.troubled.delete(signal);
    if (!this.isTold || this.troubled.size > 0) return;
    this.isTold = false;
    this.options.inform('The OpenTelemetry collector takes everything again.');
  }
}
