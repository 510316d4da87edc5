import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { affinityEntriesMax, affinityTtlMs, SessionAffinity } from './affinity.js';

const now = 1_777_900_000_000;

describe('session affinity', () => {
  it('remembers which channel served a session', () => {
    const affinity = new SessionAffinity();
    affinity.remember({ session: 's', model: 'm' }, 4, now);
    expect(affinity.preferred({ session: 's', model: 'm' }, now + 1)).toBe(4);
  });

  it.each([
    ['another session', 't', 'm'],
    ['another model, which that channel may not serve', 's', 'n'],
    ['session and model exchanged', 'm', 's'],
  ])('knows nothing of %s', (_, session, model) => {
    const affinity = new SessionAffinity();
    affinity.remember({ session: 's', model: 'm' }, 4, now);
    expect(affinity.preferred({ session, model }, now)).toBeUndefined();
  });

  it('follows the session to the channel that served it last', () => {
    const affinity = new SessionAffinity();
    affinity.remember({ session: 's', model: 'm' }, 4, now);
    affinity.remember({ session: 's', model: 'm' }, 9, now + 1);
    expect(affinity.preferred({ session: 's', model: 'm' }, now + 2)).toBe(9);
    expect(affinity.size).toBe(1);
  });

  it.each([
    ['the last millisecond', affinityTtlMs - 1, 4],
    ['its end', affinityTtlMs, undefined],
    ['long after', 10 * affinityTtlMs, undefined],
  ])('lasts one hour: at %s', (_, laterMs, expected) => {
    const affinity = new SessionAffinity();
    affinity.remember({ session: 's', model: 'm' }, 4, now);
    expect(affinity.preferred({ session: 's', model: 'm' }, now + laterMs)).toBe(expected);
  });

  it('lasts another hour with every success, but not with every question', () => {
    const affinity = new SessionAffinity();
    affinity.remember({ session: 's', model: 'm' }, 4, now);
    affinity.remember({ session: 's', model: 'm' }, 4, now + affinityTtlMs - 1);
    affinity.preferred({ session: 's', model: 'm' }, now + 2 * affinityTtlMs - 2);
    expect(affinity.preferred({ session: 's', model: 'm' }, now + 2 * affinityTtlMs - 2)).toBe(4);
    expect(affinity.preferred({ session: 's', model: 'm' }, now + 2 * affinityTtlMs - 1)).toBeUndefined();
  });

  it('never exceeds its bound; who was served longest ago makes room', () => {
    const affinity = new SessionAffinity();
    for (let i = 0; i < affinityEntriesMax; i++) affinity.remember({ session: `s${i}`, model: 'm' }, i, now);
    affinity.remember({ session: 's0', model: 'm' }, 0, now);
    affinity.remember({ session: 'one more', model: 'm' }, 7, now);
    expect(affinity.size).toBe(affinityEntriesMax);
    expect(affinity.preferred({ session: 's1', model: 'm' }, now)).toBeUndefined();
    expect(affinity.preferred({ session: 's0', model: 'm' }, now)).toBe(0);
    expect(affinity.preferred({ session: 'one more', model: 'm' }, now)).toBe(7);
  });

  it('does not push anyone out by renewing a bond when it is full', () => {
    const affinity = new SessionAffinity();
    for (let i = 0; i < affinityEntriesMax; i++) affinity.remember({ session: `s${i}`, model: 'm' }, i, now);
    affinity.remember({ session: 's5', model: 'm' }, 5, now);
    expect(affinity.size).toBe(affinityEntriesMax);
    expect(affinity.preferred({ session: 's0', model: 'm' }, now)).toBe(0);
  });

  it('answers any history as a plain table of the last successes would', () => {
    const step = fc.record({ session: fc.nat(5), model: fc.nat(2), channelId: fc.nat(9), passedMs: fc.nat(affinityTtlMs / 2) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const affinity = new SessionAffinity();
        const table = new Map<string, { readonly channelId: number; readonly at: number }>();
        let clock = now;
        for (const { session, model, channelId, passedMs } of steps) {
          clock += passedMs;
          const known = table.get(`${session}/${model}`);
          const expected = known !== undefined && clock - known.at < affinityTtlMs ? known.channelId : undefined;
          expect(affinity.preferred({ session: `s${session}`, model: `m${model}` }, clock)).toBe(expected);
          affinity.remember({ session: `s${session}`, model: `m${model}` }, channelId, clock);
          table.set(`${session}/${model}`, { channelId, at: clock });
        }
        expect(affinity.size).toBe(table.size);
      }),
    );
  });
});
