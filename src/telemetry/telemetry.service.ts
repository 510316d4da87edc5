import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { CallSink, TraceHeaders } from '../domain/ports.js';
import { untraced } from '../domain/untraced.js';
import type { OpenTelemetry, OpenTelemetryTerms } from './open-telemetry.js';

/** What the data plane is to do for telemetry: nothing, unless a collector is configured. */
export class TelemetryService implements OnApplicationShutdown {
  private readonly logger = new Logger('Telemetry');

  private constructor(private readonly running: OpenTelemetry | undefined) {}

  static off(): TelemetryService {
    return new TelemetryService(undefined);
  }

  /** Only now is anything of OpenTelemetry loaded. */
  static async on(terms: Omit<OpenTelemetryTerms, 'warn' | 'inform'>): Promise<TelemetryService> {
    const { openTelemetry } = await import('./open-telemetry.js');
    const logger = new Logger('Telemetry');
    return new TelemetryService(openTelemetry({ ...terms, warn: (sentence) => logger.warn(sentence), inform: (sentence) => logger.log(sentence) }));
  }

  get sinks(): readonly CallSink[] {
    return this.running?.sinks ?? [];
  }

  get headers(): TraceHeaders {
    return this.running?.headers ?? untraced;
  }

  get counters(): OpenTelemetry['counters'] {
    return this.running?.counters ?? { sent: 0, dropped: 0 };
  }

  async onApplicationShutdown(): Promise<void> {
    const left = (await this.running?.close()) ?? 0;
    if (left > 0) this.logger.warn(`the spans of ${left} calls could not be sent`);
  }
}
