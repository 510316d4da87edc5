import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import type { AttemptRecord } from '../domain/call.js';
import { OutgoingCalls } from './outgoing-calls.js';
import type { EndedCall } from './worker-messages.js';

const attempt = (requestId: string): AttemptRecord => attemptRecord({ requestId });

describe("a worker's ended calls", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const outgoing = (waitingRowsMax?: number): { readonly sink: OutgoingCalls; readonly sent: { ids: string[]; dropped: number }[] } => {
    const sent: { ids: string[]; dropped: number }[] = [];
    const send = (calls: readonly EndedCall[], dropped: number): void => void sent.push({ ids: calls.flatMap(({ attempts }) => attempts).map(({ requestId }) => requestId), dropped });
    return { sink: new OutgoingCalls({ send, ...(waitingRowsMax === undefined ? {} : { waitingRowsMax }) }), sent };
  };

  it('go out together a moment later', () => {
    const { sink, sent } = outgoing();
    sink.record([attempt('a')]);
    sink.record([attempt('b')]);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(sent).toEqual([{ ids: ['a', 'b'], dropped: 0 }]);
  });

  it('wait until the batch before has been taken', () => {
    const { sink, sent } = outgoing();
    sink.record([attempt('a')]);
    jest.advanceTimersByTime(50);
    sink.record([attempt('b')]);
    jest.advanceTimersByTime(500);
    expect(sent).toHaveLength(1);
    sink.taken();
    jest.advanceTimersByTime(50);
    expect(sent.at(1)).toEqual({ ids: ['b'], dropped: 0 });
  });

  it('go out in batches of a bounded size, a request never in two', () => {
    const { sink, sent } = outgoing();
    for (let i = 0; i < 400; i += 1) sink.record([attempt(`${i}`), attempt(`${i}`)]);
    jest.advanceTimersByTime(50);
    sink.taken();
    jest.advanceTimersByTime(50);
    expect(sent.map(({ ids }) => ids.length)).toEqual([500, 300]);
  });

  it('keep the trace that their client named', () => {
    const traces: unknown[] = [];
    const sink = new OutgoingCalls({ send: (calls) => void traces.push(...calls.map(({ caller }) => caller)) });
    const caller = { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), isSampled: true, state: '' };
    sink.record([attempt('a')], caller);
    sink.record([attempt('b')]);
    jest.advanceTimersByTime(50);
    expect(traces).toEqual([caller, undefined]);
  });

  it('that have no room are dropped whole, and their number goes with the next batch', () => {
    const { sink, sent } = outgoing(2);
    sink.record([attempt('a')]);
    sink.record([attempt('b'), attempt('b')]);
    sink.record([attempt('c')]);
    jest.advanceTimersByTime(50);
    expect(sent).toEqual([{ ids: ['a', 'c'], dropped: 2 }]);
    sink.taken();
    sink.record([attempt('d')]);
    jest.advanceTimersByTime(50);
    expect(sent.at(1)).toEqual({ ids: ['d'], dropped: 0 });
  });

  it('are all out when flushing ends, and not before they were taken', async () => {
    const { sink, sent } = outgoing();
    sink.record([attempt('a')]);
    jest.advanceTimersByTime(50);
    sink.record([attempt('b')]);
    let isFlushed = false;
    const flushing = sink.flush().then(() => (isFlushed = true));
    sink.taken();
    await jest.advanceTimersByTimeAsync(50);
    expect([sent.length, isFlushed]).toEqual([2, false]);
    sink.taken();
    await flushing;
    expect(isFlushed).toBe(true);
  });

  it('are none to flush while none wait', async () => {
    await expect(outgoing().sink.flush()).resolves.toBeUndefined();
  });
});
