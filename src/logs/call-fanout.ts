import type { AttemptRecord } from '../domain/call.js';
import type { CallSink } from '../domain/ports.js';

/** Hands finished attempts to several sinks in turn: the log first, then whoever counts or shows them. */
export class CallFanout implements CallSink {
  constructor(private readonly sinks: readonly CallSink[]) {}

  record(attempts: readonly AttemptRecord[]): void {
    for (const sink of this.sinks) sink.record(attempts);
  }
}
