import { describe, expect, it } from '@jest/globals';
import { BodyBudget, BodyShare } from './body-budget.js';

describe('the budget of request bodies', () => {
  it('lends what is left and not a byte more', () => {
    const budget = new BodyBudget(100);
    expect(new BodyShare(budget).growTo(60)).toBe(true);
    expect(new BodyShare(budget).growTo(41)).toBe(false);
    expect(new BodyShare(budget).growTo(40)).toBe(true);
    expect(budget.held).toBe(100);
  });

  it('counts a body that grows once, by what it has grown to', () => {
    const budget = new BodyBudget(100);
    const share = new BodyShare(budget);
    share.growTo(30);
    share.growTo(80);
    share.growTo(50);
    expect(budget.held).toBe(80);
  });

  it('counts whom it turned away, and takes nothing from them', () => {
    const budget = new BodyBudget(10);
    new BodyShare(budget).growTo(11);
    expect(budget).toMatchObject({ refused: 1, held: 0 });
  });

  it('gets everything back when the request ends, also when it ends twice', () => {
    const budget = new BodyBudget(100);
    const share = new BodyShare(budget);
    share.growTo(70);
    share.release();
    share.release();
    expect(budget.held).toBe(0);
  });
});
