import type { TracedCall, TraceHeaders } from '../domain/ports.js';
import { attemptSpanIdOf, callerTraceOf, isSampled, traceIdOf, type CallerTrace, type Sampling } from '../domain/trace-context.js';

export interface TracePassing {
  readonly sampling: Sampling;
  /** Upstreams are told of the trace. */
  readonly passesTrace: boolean;
}

const parentName = 'traceparent';
const stateName = 'tracestate';

/**
 * A client's trace headers end here: the gateway takes part in the trace, so an upstream would hang its spans beneath the
 * wrong one, and it need not know who asks. Where it is to know, it is told of the attempt's own span.
 */
export class KeptTraceHeaders implements TraceHeaders {
  constructor(private readonly passing: TracePassing) {}

  take(headers: string[]): CallerTrace | undefined {
    const parents: string[] = [];
    const states: string[] = [];
    for (let at = 0; at + 1 < headers.length; ) {
      const name = headers[at] ?? '';
      const found = name.length < parentName.length - 1 || name.length > parentName.length ? '' : name.toLowerCase();
      if (found !== parentName && found !== stateName) at += 2;
      else (found === parentName ? parents : states).push(headers.splice(at, 2)[1] ?? '');
    }
    // Two parents are one too many; the list of states may come in several lines (§3.3).
    return parents.length === 1 ? callerTraceOf(parents[0] ?? '', states.join(',')) : undefined;
  }

  add(headers: string[], { requestId, caller }: TracedCall, attempt: number): void {
    if (!this.passing.passesTrace) return;
    const traceId = traceIdOf(requestId, caller);
    const flags = isSampled(traceId, caller, this.passing.sampling) ? '01' : '00';
    headers.push(parentName, `00-${traceId}-${attemptSpanIdOf(requestId, attempt)}-${flags}`);
    if (caller !== undefined && caller.state !== '') headers.push(stateName, caller.state);
  }
}
