import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import type { AttemptRecord } from '../domain/call.js';
import { OutgoingAttempts } from './outgoing-attempts.js';

type Batch = readonly (readonly AttemptRecord[])[];

const attempt = (requestId: string): AttemptRecord => attemptRecord({ requestId });

describe("a worker's finished attempts", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const outgoing = (waitingRowsMax?: number): { readonly sink: OutgoingAttempts; readonly sent: { ids: string[]; dropped: number }[] } => {
    const sent: { ids: string[]; dropped: number }[] = [];
    const send = (batch: Batch, dropped: number): void => void sent.push({ ids: batch.flat().map(({ requestId }) => requestId), dropped });
    return { sink: new OutgoingAttempts({ send, ...(waitingRowsMax === undefined ? {} : { waitingRowsMax }) }), sent };
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
