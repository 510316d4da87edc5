import { describe, expect, it } from '@jest/globals';
import type { CallUnderWay } from '../domain/ports.js';
import { PooledCalls } from './pooled-calls.js';
import type { WorkerReport } from './worker-messages.js';

const callAt = (requestId: string, receivedAt: number): CallUnderWay => ({
  requestId,
  receivedAt,
  model: 'm',
  isStreaming: true,
  channelId: 1,
  attempt: 1,
  committedAt: undefined,
  bytes: 0,
});

const report = (changes: Partial<WorkerReport> = {}): WorkerReport => ({
  size: 2,
  streams: 1,
  refused: 3,
  calls: [],
  bodyBytes: 100,
  bodiesRefused: 4,
  ...changes,
});

describe('what is under way in all workers', () => {
  it('is nothing before they have said anything', () => {
    const calls = new PooledCalls();
    expect([calls.size, calls.streams, calls.refused, calls.calls, calls.bodies.held]).toEqual([0, 0, 0, [], 0]);
  });

  it('is the sum of what each said last', () => {
    const calls = new PooledCalls();
    calls.note(1, report({ size: 50 }));
    calls.note(1, report());
    calls.note(2, report({ size: 5 }));
    expect([calls.size, calls.streams, calls.refused, calls.bodies.held, calls.bodies.refused]).toEqual([7, 2, 6, 200, 8]);
  });

  it('is told in the order in which it began, whoever serves it', () => {
    const calls = new PooledCalls();
    calls.note(1, report({ calls: [callAt('a', 1), callAt('d', 4)] }));
    calls.note(2, report({ calls: [callAt('b', 2), callAt('c', 3)] }));
    expect(calls.calls.map(({ requestId }) => requestId).join('')).toBe('abcd');
  });

  it('ends with the worker it was in; what that had refused stays counted', () => {
    const calls = new PooledCalls();
    calls.note(1, report());
    expect([calls.forget(1), calls.forget(1)]).toEqual([2, 0]);
    expect([calls.size, calls.bodies.held, calls.refused, calls.bodies.refused]).toEqual([0, 0, 3, 4]);
  });
});
