import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { budgetWindowMs, channelsWhileFailing, RetryBudget } from './retry-budget.js';

const start = 1_700_000_000_000;
const unlimited = Number.POSITIVE_INFINITY;

const after = (failures: number, successes: number, at = start): RetryBudget => {
  const budget = new RetryBudget();
  for (let i = 0; i < failures; i += 1) budget.noteAttempt(false, at);
  for (let i = 0; i < successes; i += 1) budget.noteAttempt(true, at);
  return budget;
};

describe('the retry budget', () => {
  it.each([
    ['nothing happened', 0, 0, unlimited],
    ['too few attempts failed to tell', 19, 0, unlimited],
    ['twenty attempts failed', 20, 0, channelsWhileFailing],
    ['just under a fifth succeeded', 81, 19, channelsWhileFailing],
    ['exactly a fifth succeeded', 16, 4, unlimited],
    ['most succeeded', 10, 90, unlimited],
  ])('when %s (%d failures, %d successes) allows %d channels', (_when, failures, successes, expected) => {
    expect(after(failures, successes).channelsAllowed(start)).toBe(expected);
  });

  it('forgets failures once they are a window old', () => {
    const budget = after(50, 0);
    expect(budget.channelsAllowed(start + budgetWindowMs - 2_001)).toBe(channelsWhileFailing);
    expect(budget.channelsAllowed(start + budgetWindowMs)).toBe(unlimited);
  });

  it('adds up attempts from all over the window', () => {
    const budget = new RetryBudget();
    for (let i = 0; i < 20; i += 1) budget.noteAttempt(false, start + i * 400);
    expect(budget.channelsAllowed(start + 20 * 400)).toBe(channelsWhileFailing);
  });

  it('recovers as soon as enough attempts succeed again', () => {
    const budget = after(40, 0);
    for (let i = 0; i < 10; i += 1) budget.noteAttempt(true, start + 1_000);
    expect(budget.channelsAllowed(start + 1_000)).toBe(unlimited);
  });

  it('reuses the slices of an earlier window empty', () => {
    const budget = after(50, 0);
    budget.noteAttempt(false, start + budgetWindowMs);
    expect(budget.channelsAllowed(start + budgetWindowMs)).toBe(unlimited);
  });

  it('forgets rather than fails when the clock jumps back', () => {
    const budget = after(50, 0);
    expect(budget.channelsAllowed(start - 3_600_000)).toBe(unlimited);
    budget.noteAttempt(false, start - 3_600_000);
    expect(budget.channelsAllowed(start - 3_600_000)).toBe(unlimited);
  });

  it('never limits while at least a fifth of any history succeeds in every slice', () => {
    const rounds = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(rounds, (pauses) => {
        const budget = new RetryBudget();
        let now = start;
        for (const pause of pauses) {
          now += pause;
          for (let i = 0; i < 4; i += 1) budget.noteAttempt(false, now);
          budget.noteAttempt(true, now);
          expect(budget.channelsAllowed(now)).toBe(unlimited);
        }
      }),
    );
  });
});
