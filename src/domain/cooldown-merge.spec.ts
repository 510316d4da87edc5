import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cooldown } from './cooldown.js';
import { begunBy, mergeKnowledge, placeOf, type ScopeKnowledge } from './cooldown-merge.js';

const cooling = (since: number, changes: Partial<Cooldown> = {}): Cooldown => ({
  since,
  until: since + 1_000,
  durationMs: 1_000,
  reason: 'status 500',
  proven: false,
  ...changes,
});
const known = (cooldown: Cooldown | undefined, liftedAt = 0): ScopeKnowledge => ({ cooldown, liftedAt });

describe('what two replicas know together', () => {
  it('is the cooldown that was imposed last', () => {
    expect(mergeKnowledge(known(cooling(5)), known(cooling(7)))).toEqual(known(cooling(7)));
  });

  it('is nothing when an attempt that began after it has succeeded elsewhere', () => {
    expect(mergeKnowledge(known(cooling(5)), known(undefined, 6))).toEqual(known(undefined, 6));
  });

  it('is the cooldown when the success belongs to an attempt from before it', () => {
    expect(mergeKnowledge(known(cooling(5)), known(undefined, 4))).toEqual(known(cooling(5), 4));
  });

  it('keeps a lift from being undone by news of the cooldown that comes late', () => {
    expect(mergeKnowledge(known(undefined, 6), known(cooling(5)))).toEqual(known(undefined, 6));
  });

  it('is the later end of one and the same cooldown, and proven once somebody has seen it', () => {
    const hinted = cooling(5, { until: 9_000, reason: 'rate limit' });
    expect(mergeKnowledge(known(hinted), known(cooling(5, { proven: true })))).toEqual(known({ ...hinted, proven: true }));
  });

  it('goes by the place of a cooldown where the clock was set back', () => {
    const behindTheLift = cooling(2, { place: 7 });
    expect(mergeKnowledge(known(behindTheLift), known(cooling(5), 6))).toEqual(known(behindTheLift, 6));
  });

  it('is the later clear', () => {
    expect(mergeKnowledge({ ...known(undefined), clearedAt: 4 }, { ...known(undefined), clearedAt: 5 })).toEqual({ ...known(undefined), clearedAt: 5 });
  });

  it('holds nothing that begins later than now, and keeps its place', () => {
    expect(begunBy(cooling(9), 5)).toEqual({ ...cooling(9), since: 5, place: 9 });
    expect(placeOf(begunBy(cooling(9, { place: 12 }), 5))).toBe(12);
    expect(begunBy(cooling(5), 5)).toEqual(cooling(5));
  });

  const knowledge = fc
    .record({
      liftedAt: fc.integer({ min: 0, max: 6 }),
      clearedAt: fc.integer({ min: 0, max: 3 }),
      cooldown: fc.option(
        fc.record({
          since: fc.integer({ min: 1, max: 6 }),
          until: fc.integer({ min: 1, max: 9 }),
          durationMs: fc.integer({ min: 1, max: 3 }),
          reason: fc.constantFrom('a', 'b'),
          proven: fc.boolean(),
          place: fc.integer({ min: 1, max: 9 }),
        }),
        { nil: undefined },
      ),
    })
    .map((given) => mergeKnowledge(given, given));

  it('is the same in whatever order and however often news comes', () => {
    fc.assert(
      fc.property(knowledge, knowledge, knowledge, (a, b, c) => {
        const all = mergeKnowledge(mergeKnowledge(a, b), c);
        expect(mergeKnowledge(a, mergeKnowledge(c, b))).toEqual(all);
        expect(mergeKnowledge(mergeKnowledge(all, b), a)).toEqual(all);
      }),
    );
  });
});
