import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import { until } from '../../test/support/until.js';
import type { FinishedCall } from './call-spans.js';
import type { Delivery } from './collector.js';
import { callsPerExport, SpanSink, type SpanSinkOptions } from './span-sink.js';

const taken: Delivery = { kind: 'taken' };
const busy: Delivery = { kind: 'busy', problem: 'ECONNREFUSED', waitMs: undefined };
const refused: Delivery = { kind: 'refused', problem: 'it answers with status 400' };

/** A sink whose collector answers with these deliveries in turn, the last one for ever; and what it was sent. */
const sinkWith = (deliveries: readonly Delivery[], options: Partial<SpanSinkOptions> = {}) => {
  const batches: (readonly FinishedCall[])[] = [];
  const send = (calls: readonly FinishedCall[]): Promise<Delivery> => {
    batches.push(calls);
    return Promise.resolve(deliveries[Math.min(batches.length, deliveries.length) - 1] ?? taken);
  };
  return { batches, sink: new SpanSink({ sampling: { ratio: 1, followsCaller: true }, send, exportEveryMs: 1, ...options }) };
};

const nobodyAnswers = (): Promise<Delivery> => new Promise(() => undefined);
const twoAttempts = [attemptRecord({ final: false }), attemptRecord({ attempt: 2 })];

describe('spans on their way to the collector', () => {
  it('leave in order, a few calls at a time, and are counted one by one', async () => {
    const { sink, batches } = sinkWith([taken]);
    const calls = 2 * callsPerExport + 1;
    for (let at = 0; at < calls; at += 1) sink.record([attemptRecord({ time: at })]);
    await until('all calls to be sent', () => (sink.counters.sent === 2 * calls ? true : undefined));
    expect(batches.map(({ length }) => length)).toEqual([callsPerExport, callsPerExport, 1]);
    expect(batches.flat().map(({ attempts }) => attempts[0]?.time)).toEqual(Array.from({ length: calls }, (_, at) => at));
  });

  it('are built and sent later, never while a call ends', () => {
    const { sink, batches } = sinkWith([taken]);
    for (let at = 0; at < 10 * callsPerExport; at += 1) sink.record(twoAttempts);
    expect(batches).toEqual([]);
  });

  it('are dropped and counted beyond what may wait, and memory holds no more', async () => {
    const { sink } = sinkWith([], { callsWaitingMax: 10, send: nobodyAnswers });
    for (let at = 0; at < 10_000; at += 1) sink.record(twoAttempts);
    expect(sink.counters).toEqual({ sent: 0, dropped: 3 * 9_990 });
    expect(await sink.flush(20)).toBe(10);
  });

  it('wait and are sent again when the collector is away', async () => {
    const { sink, batches } = sinkWith([busy, busy, taken]);
    sink.record(twoAttempts);
    await until('the call to be sent', () => (sink.counters.sent === 3 ? true : undefined));
    expect(batches).toHaveLength(3);
    expect(sink.counters.dropped).toBe(0);
  });

  it('wait as long as the collector says', async () => {
    const { sink, batches } = sinkWith([{ ...busy, waitMs: 3_600_000 }, taken]);
    sink.record(twoAttempts);
    await until('the first try', () => (batches.length === 1 ? true : undefined));
    await pause(50);
    expect(batches).toHaveLength(1);
  });

  it('are dropped and counted when the collector will never take them', async () => {
    const { sink, batches } = sinkWith([refused, taken]);
    sink.record(twoAttempts);
    await until('the first call to be refused', () => (sink.counters.dropped === 3 ? true : undefined));
    sink.record([attemptRecord()]);
    await until('the second call to be sent', () => (sink.counters.sent === 2 ? true : undefined));
    expect(batches).toHaveLength(2);
  });

  it('are none of a call that is not sampled, and none of no call', async () => {
    const { sink, batches } = sinkWith([taken]);
    const caller = { traceId: 'a'.repeat(32), parentId: 'b'.repeat(16), isSampled: false, state: '' };
    sink.record([attemptRecord()], caller);
    sink.record([]);
    expect(await sink.flush(1_000)).toBe(0);
    expect(batches).toEqual([]);
    sink.record([attemptRecord()], { ...caller, isSampled: true });
    expect(await sink.flush(1_000)).toBe(0);
    expect(batches).toHaveLength(1);
  });

  it('that wait when the program ends are sent before it does', async () => {
    const { sink } = sinkWith([taken], { exportEveryMs: 3_600_000 });
    for (let at = 0; at < 3 * callsPerExport; at += 1) sink.record([attemptRecord()]);
    expect(await sink.flush(5_000)).toBe(0);
    expect(sink.counters).toEqual({ sent: 6 * callsPerExport, dropped: 0 });
  });

  it.each([
    ['refuses connections', () => Promise.resolve(busy)],
    ['hangs', nobodyAnswers],
  ])('do not hold up the end when the collector %s', async (_how, send) => {
    const { sink } = sinkWith([], { send, exportEveryMs: 3_600_000 });
    sink.record([attemptRecord()]);
    const startedAt = performance.now();
    expect(await sink.flush(50)).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
