import { describe, expect, it } from '@jest/globals';
import { affordableConnections } from './open-files.js';

describe('with so many files', () => {
  it.each([
    [1_048_576, 20_000],
    [20_000, 13_162],
    [1_024, 512],
    [256, 1],
    [0, 1],
  ])('%d open at most, %d connections can be held', (files, connections) => {
    expect(affordableConnections(20_000, files)).toBe(connections);
  });

  it('as the system does not tell, all are tried', () => {
    expect(affordableConnections(20_000, undefined)).toBeLessThanOrEqual(20_000);
  });
});
