import { describe, expect, it } from '@jest/globals';
import { Worker } from 'node:worker_threads';
import { ThreadCaller } from './thread-caller.js';

/** A thread that does this with every message it gets. */
const threadThat = (action: string): Worker =>
  new Worker(`require('node:worker_threads').parentPort.on('message', (message) => { ${action} })`, { eval: true });

const call = { repository: 'channels', method: 'all', args: [] } as const;

describe('a database thread that dies', () => {
  it('rejects the calls that wait, and every later one', async () => {
    const caller = new ThreadCaller(threadThat(`throw new Error('out of memory')`), 10);
    const waiting = await Promise.allSettled([caller.call(call), caller.call(call)]);
    const reasons = waiting.map((outcome) => ('reason' in outcome ? String(outcome.reason) : 'answered'));
    expect(reasons).toEqual(new Array(2).fill('Error: the database thread died: out of memory'));
    expect(caller.isUp).toBe(false);
    await expect(caller.call(call)).rejects.toThrow('the database thread died: out of memory');
    await caller.close();
  });

  it('is noticed when it just ends', async () => {
    const caller = new ThreadCaller(threadThat('process.exit(3)'), 10);
    await expect(caller.call(call)).rejects.toThrow('the database thread ended with code 3');
    await caller.close();
  });
});

describe('a call', () => {
  it('whose arguments cannot cross is rejected and takes no place', async () => {
    const caller = new ThreadCaller(threadThat('process.exit(0)'), 1);
    await expect(caller.call({ ...call, args: [() => undefined] })).rejects.toThrow(/could not be cloned/);
    await expect(caller.call(call)).rejects.toThrow('ended with code 0');
    await caller.close();
  });
});
