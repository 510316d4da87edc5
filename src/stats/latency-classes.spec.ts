import { describe, expect, it } from '@jest/globals';
import { latencyClassesMax, latencyQuantile } from './latency-classes.js';

const countsWith = (counts: Readonly<Record<number, number>>): readonly number[] =>
  Array.from({ length: latencyClassesMax }, (_, index) => counts[index] ?? 0);

describe('a latency quantile', () => {
  it('is not known when nothing was counted', () => {
    expect(latencyQuantile(countsWith({}), 0.95)).toBeUndefined();
    expect(latencyQuantile([], 0.95)).toBeUndefined();
  });

  it('lies inside the class that holds it', () => {
    expect(latencyQuantile(countsWith({ 2: 100 }), 0.95)).toBeCloseTo(0.975);
    expect(latencyQuantile(countsWith({ 0: 90, 5: 10 }), 0.95)).toBeCloseTo(6);
  });

  it('does not fall into an empty class between two full ones', () => {
    expect(latencyQuantile(countsWith({ 0: 95, 4: 5 }), 0.95)).toBeCloseTo(0.25);
  });

  it('is the beginning of the open class when it lies there', () => {
    expect(latencyQuantile(countsWith({ [latencyClassesMax - 1]: 3 }), 0.95)).toBe(300);
  });

  it('of a single request is in its class', () => {
    const value = latencyQuantile(countsWith({ 3: 1 }), 0.95) ?? 0;
    expect(value).toBeGreaterThan(1);
    expect(value).toBeLessThanOrEqual(2);
  });
});
