import { describe, expect, it } from '@jest/globals';
import { waitingWritesMax, WriteTurns } from './write-turns.js';

const never = new Promise<never>(() => undefined);

describe('turns', () => {
  it('are taken one at a time, in the order they were asked for', async () => {
    const turns = new WriteTurns();
    const seen: string[] = [];
    const step = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
    };
    await Promise.all([turns.take(step('a')), turns.take(step('b'))]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('go on after one that failed', async () => {
    const turns = new WriteTurns();
    const failed = turns.take(() => Promise.reject(new Error('the disk is full')));
    const next = turns.take(() => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('the disk is full');
    expect(await next).toBe('done');
  });

  it('are refused when too many wait', async () => {
    const turns = new WriteTurns();
    for (let index = 0; index < waitingWritesMax; index += 1) void turns.take(() => never);
    expect(await turns.take(() => Promise.resolve('done'))).toBe('busy');
  });
});
