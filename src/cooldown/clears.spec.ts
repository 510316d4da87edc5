import { describe, expect, it } from '@jest/globals';
import { Clears, clearsMax } from './clears.js';

describe('the clears of channels', () => {
  it('are remembered for ten thousand channels: the oldest makes room', () => {
    const clears = new Clears();
    for (let id = 0; id <= clearsMax; id += 1) clears.note(id, 5, 5);
    expect([0, 1, clearsMax].map((id) => clears.of(id))).toEqual([0, 5, 5]);
  });

  it('are news once', () => {
    const clears = new Clears();
    expect([clears.note(1, 5, 5), clears.note(1, 5, 6), clears.note(1, 4, 6)]).toEqual([true, false, false]);
  });

  it('tell attempts from before apart by the clock of whoever asks', () => {
    const clears = new Clears();
    clears.note(1, 900, 500);
    expect([499, 500, 501].map((startedAt) => clears.isSince(1, startedAt, 600))).toEqual([true, true, false]);
    expect(clears.isSince(1, 300, 400)).toBe(false);
  });
});
