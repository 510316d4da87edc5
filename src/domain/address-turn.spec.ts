import { describe, expect, it } from '@jest/globals';
import { addressTurnMs } from './address-turn.js';

describe('the turn of one address', () => {
  it.each([
    [10_000, 3_334],
    [5_000, 1_667],
    [3_000, 1_000],
    [200, 1_000],
  ])('of %d ms for connecting is a third, and 1 s at least: %d', (connectMs, turnMs) => {
    expect(addressTurnMs(connectMs)).toBe(turnMs);
  });
});
