import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AttemptRecord } from '../domain/call.js';
import { attemptRecord } from '../../test/support/attempt-record.js';
import { StorageError } from '../domain/storage-problem.js';
import { BufferedCallSink, flushEveryMs, rowsPerAppend, storageRetryMs, type CallSinkOptions } from './buffered-call-sink.js';
import { unpackRows } from './packed-rows.js';

const record = (requestId: string): AttemptRecord => attemptRecord({ requestId });

const records = (count: number): readonly AttemptRecord[] => Array.from({ length: count }, (_, at) => record(`r${at}`));

interface LogOptions extends Partial<Omit<CallSinkOptions, 'append'>> {
  readonly append?: (batch: readonly AttemptRecord[], mayBeStored: boolean) => Promise<void>;
}

/** A log that remembers its batches; `accepts` decides which it takes. */
const logOf = (accepts: (batch: readonly AttemptRecord[]) => boolean = () => true, { append, ...options }: LogOptions = {}) => {
  const batches: (readonly AttemptRecord[])[] = [];
  const warnings: string[] = [];
  const remember = async (batch: readonly AttemptRecord[]): Promise<void> => {
    if (!accepts(batch)) throw new Error('disk full');
    batches.push(batch);
  };
  const sink = new BufferedCallSink({
    append: (packs, mayBeStored) => (append ?? remember)(packs.flatMap(unpackRows), mayBeStored),
    warn: (sentence) => warnings.push(sentence),
    ...options,
  });
  return { sink, batches, warnings };
};

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the call sink', () => {
  it('stores a lone record after the interval', async () => {
    const { sink, batches } = logOf();
    sink.record([record('a')]);
    await jest.advanceTimersByTimeAsync(flushEveryMs - 1);
    expect(batches).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([[record('a')]]);
    expect(sink.counters).toEqual({ written: 1, dropped: 0, queued: 0 });
  });

  it('stores a full batch without waiting', async () => {
    const { sink, batches } = logOf();
    sink.record(records(rowsPerAppend));
    await jest.advanceTimersByTimeAsync(0);
    expect(batches.map(({ length }) => length)).toEqual([rowsPerAppend]);
  });

  it('keeps the order, one append at a time', async () => {
    let underWay = 0;
    const stored: string[] = [];
    const append = async (batch: readonly AttemptRecord[]): Promise<void> => {
      underWay += 1;
      expect(underWay).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 40));
      stored.push(...batch.map(({ requestId }) => requestId));
      underWay -= 1;
    };
    const { sink } = logOf(undefined, { append });
    const all = records(1_200);
    for (const one of all) sink.record([one]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(stored).toEqual(all.map(({ requestId }) => requestId));
  });

  it('drops whole requests that do not fit, counts their rows and warns once', async () => {
    const { sink, batches, warnings } = logOf(undefined, { queuedRowsMax: 5 });
    sink.record(records(4));
    sink.record(records(2));
    sink.record(records(3));
    sink.record([record('last')]);
    expect(sink.counters).toEqual({ written: 0, dropped: 5, queued: 5 });
    expect(warnings).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(flushEveryMs);
    expect(batches[0]).toHaveLength(5);
  });

  it('warns again when it overflows again after it had emptied', async () => {
    const { sink, warnings } = logOf(undefined, { queuedRowsMax: 1 });
    for (const round of [1, 2]) {
      sink.record([record('fits')]);
      sink.record([record('too many')]);
      await jest.advanceTimersByTimeAsync(flushEveryMs);
      expect(warnings).toHaveLength(round);
    }
  });

  it('keeps what could not be stored, warns once and tries again ever later', async () => {
    let isFull = true;
    const { sink, batches, warnings } = logOf(() => !isFull);
    sink.record(records(2));
    await jest.advanceTimersByTimeAsync(3_000);
    expect(sink.counters).toEqual({ written: 0, dropped: 0, queued: 2 });
    expect(warnings).toEqual(['The request log cannot be written and is kept in memory: disk full']);
    isFull = false;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(batches).toEqual([records(2)]);
  });

  it('gives up a row that the log will never take, and stores those around it', async () => {
    const { sink } = logOf((batch) => !batch.some(({ requestId }) => requestId === 'poison'));
    sink.record([...records(30), record('poison'), ...records(30)]);
    await jest.advanceTimersByTimeAsync(60 * 60_000);
    expect(sink.counters).toEqual({ written: 60, dropped: 1, queued: 0 });
  });

  it.each(['disk-full', 'read-only', 'held'] as const)('keeps every row for as long as the storage is %s, and goes on within a second after', async (problem) => {
    let isMended = false;
    const informed: string[] = [];
    const append = async (): Promise<void> => {
      if (!isMended) throw new StorageError('no', problem);
    };
    const { sink, warnings } = logOf(undefined, { append, inform: (sentence) => informed.push(sentence) });
    sink.record(records(1_000));
    await jest.advanceTimersByTimeAsync(60 * 60_000);
    expect([sink.counters, sink.problem, warnings.length]).toEqual([{ written: 0, dropped: 0, queued: 1_000 }, problem, 1]);
    isMended = true;
    await jest.advanceTimersByTimeAsync(storageRetryMs + flushEveryMs);
    expect([sink.counters, sink.problem]).toEqual([{ written: 1_000, dropped: 0, queued: 0 }, undefined]);
    expect(informed).toEqual(['The request log is written again; 500 rows wait, 0 have been dropped since the start.']);
  });

  it('says of what it tries again that it may be there already', async () => {
    const said: boolean[] = [];
    const append = async (_batch: readonly AttemptRecord[], mayBeStored: boolean): Promise<void> => {
      said.push(mayBeStored);
      if (said.length < 3) throw new StorageError('no', 'unreachable');
    };
    const { sink } = logOf(undefined, { append });
    sink.record(records(10));
    await jest.advanceTimersByTimeAsync(5_000);
    sink.record(records(10));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(said).toEqual([false, true, true, false]);
  });

  it('counts what does not fit while the storage fails, and keeps what came before', async () => {
    let isMended = false;
    const append = async (): Promise<void> => {
      if (!isMended) throw new StorageError('no', 'disk-full');
    };
    const { sink } = logOf(undefined, { append, queuedRowsMax: 10 });
    for (const one of records(25)) {
      sink.record([one]);
      await jest.advanceTimersByTimeAsync(storageRetryMs);
    }
    expect(sink.counters).toEqual({ written: 0, dropped: 15, queued: 10 });
    isMended = true;
    await jest.advanceTimersByTimeAsync(storageRetryMs);
    expect(sink.counters).toEqual({ written: 10, dropped: 15, queued: 0 });
  });

  it('stores everything on a flush', async () => {
    const { sink } = logOf();
    sink.record(records(1_201));
    expect(await sink.flush(1_000)).toBe(0);
    expect(sink.counters.written).toBe(1_201);
  });

  it('ends a flush at its deadline and says how many rows are left', async () => {
    const { sink } = logOf(() => false);
    sink.record(records(7));
    const left = sink.flush(1_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await left).toBe(7);
  });

  it('ends a flush at its deadline when the log never answers', async () => {
    const { sink } = logOf(undefined, { append: () => new Promise(() => undefined) });
    sink.record(records(7));
    const left = sink.flush(1_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await left).toBe(7);
  });

  it('has nothing to flush when nothing was recorded', async () => {
    expect(await logOf().sink.flush(1_000)).toBe(0);
  });
});
