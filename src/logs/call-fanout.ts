import type { AttemptRecord } from '../domain/call.js';
import type { CallSink } from '../domain/ports.js';
import type { CallerTrace } from '../domain/trace-context.js';

/** Hands finished attempts to several sinks in turn: the log first, then whoever counts or shows them. */
export class CallFanout implements CallSink {
  constructor(private readonly sinks: readonly CallSink[]) {}

  record(attempts: readonly AttemptRecord[], caller?: CallerTrace): void {
    for (const sink of this.sinks) sink.record(attempts, caller);
  }
}
