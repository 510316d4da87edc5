import type { MetricsRequest } from './otlp.js';
import type { Delivery } from './collector.js';

export interface MetricReporterOptions {
  /** Reads every metric. */
  readonly read: () => Promise<MetricsRequest>;
  /** Sends what was read; never rejects. */
  readonly send: (message: MetricsRequest) => Promise<Delivery>;
  readonly everyMs: number;
}

/** Sends the metrics again and again. Nothing waits: what could not be sent is part of the next report, which counts from the start. */
export class MetricReporter {
  private readonly timer: NodeJS.Timeout;
  private reporting: Promise<void> | undefined;

  constructor(private readonly options: MetricReporterOptions) {
    this.timer = setInterval(() => void this.report(), options.everyMs);
    this.timer.unref();
  }

  /** Resolves when the report under way, or a new one, has ended well or badly. */
  report(): Promise<void> {
    this.reporting ??= this.readAndSend().finally(() => (this.reporting = undefined));
    return this.reporting;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async readAndSend(): Promise<void> {
    await this.options.send(await this.options.read());
  }
}
