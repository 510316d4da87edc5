import { describe, expect, it } from '@jest/globals';
import { attemptSpanIdOf } from '../domain/trace-context.js';
import { KeptTraceHeaders } from './kept-trace-headers.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = `00-${traceId}-00f067aa0ba902b7-01`;
const requestId = '01990000-0000-7000-8000-000000000001';
const all = { ratio: 1, followsCaller: true };
const keeping = new KeptTraceHeaders({ sampling: all, passesTrace: false });
const passing = new KeptTraceHeaders({ sampling: all, passesTrace: true });

describe('the trace headers of a client', () => {
  it('are taken out, whatever their case, and nothing else is', () => {
    const headers = ['Host', 'a', 'TraceParent', parent, 'x-dup', '1', 'tracestate', 'a=1', 'x-dup', '2', 'TRACESTATE', 'b=2', 'baggage', 'c'];
    expect(keeping.take(headers)).toEqual({ traceId, parentId: '00f067aa0ba902b7', isSampled: true, state: 'a=1,b=2' });
    expect(headers).toEqual(['Host', 'a', 'x-dup', '1', 'x-dup', '2', 'baggage', 'c']);
  });

  it.each([[[]], [['tracestate', 'a=1']], [['traceparent', 'x']], [['traceparent', parent, 'traceparent', parent]]])('%j begin a new trace, and are taken out too', (headers) => {
    const list = [...headers];
    expect(keeping.take(list)).toBeUndefined();
    expect(list).toEqual([]);
  });
});

describe('the trace headers of an attempt', () => {
  const caller = { traceId, parentId: '00f067aa0ba902b7', isSampled: true, state: 'a=1' };

  it('are left out unless they are asked for', () => {
    const headers = ['host', 'a'];
    keeping.add(headers, { requestId, caller }, 1);
    expect(headers).toEqual(['host', 'a']);
  });

  it('name the span of the attempt', () => {
    const headers = ['host', 'a'];
    passing.add(headers, { requestId, caller }, 2);
    expect(headers).toEqual(['host', 'a', 'traceparent', `00-${traceId}-${attemptSpanIdOf(requestId, 2)}-01`, 'tracestate', 'a=1']);
  });

  it('say that nothing is recorded when it is not', () => {
    const headers: string[] = [];
    passing.add(headers, { requestId, caller: { ...caller, isSampled: false, state: '' } }, 1);
    expect(headers).toEqual(['traceparent', `00-${traceId}-${attemptSpanIdOf(requestId, 1)}-00`]);
  });
});
