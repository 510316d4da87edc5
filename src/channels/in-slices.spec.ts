import { describe, expect, it } from '@jest/globals';
import { inSlices } from './in-slices.js';

function* counting(steps: number, stepMs: number): Generator<void, number> {
  for (let step = 0; step < steps; step += 1) {
    const end = performance.now() + stepMs;
    while (performance.now() < end);
    yield;
  }
  return steps;
}

describe('work in slices', () => {
  it('returns its result, also when there is nothing to do', async () => {
    expect(await inSlices(counting(0, 0))).toBe(0);
    expect(await inSlices(counting(1_000, 0))).toBe(1_000);
  });

  it('does every step exactly once when steps are longer than a slice', async () => {
    expect(await inSlices(counting(4, 7))).toBe(4);
  });

  it('lets others in', async () => {
    let visits = 0;
    const visitor = setInterval(() => (visits += 1), 1);
    await inSlices(counting(60, 1));
    clearInterval(visitor);
    expect(visits).toBeGreaterThan(3);
  });

  it('rejects with what the work throws', async () => {
    const failing = function* (): Generator<void, number> {
      yield;
      throw new Error('no');
    };
    await expect(inSlices(failing())).rejects.toThrow('no');
  });
});
