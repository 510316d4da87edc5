import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogOf, type Route, type Tier } from './catalog.js';
import type { ChannelId } from './channel.js';
import { earlyProbeEveryMs, type Standing } from './cooldown.js';
import type { Rank } from './rendezvous.js';
import { chooseEarlyProbe, chooseRoute, firstToWake, type Choice, type SelectionView } from './selection.js';

const now = 1_777_900_000_000;

const open: Standing = { kind: 'open' };
const halfOpen: Standing = { kind: 'half-open', probing: false, reason: 'rate limit' };
const probed: Standing = { kind: 'half-open', probing: true, reason: 'rate limit' };
const coolingUntil = (until: number, more: { readonly since?: number; readonly probing?: boolean; readonly byHand?: boolean } = {}): Standing => ({
  kind: 'cooling',
  until,
  since: more.since ?? now - 60_000,
  probing: more.probing ?? false,
  byHand: more.byHand ?? false,
  reason: 'server error',
});
const cooling = coolingUntil(now + 60_000);

type Standings = Readonly<Record<ChannelId, Standing>>;

/** Channels by priority, `{ 10: [1, 2], 0: [3] }`, all serving one model. */
const tiersFrom = (idsByPriority: Readonly<Record<number, readonly ChannelId[]>>): readonly Tier[] =>
  catalogOf(
    Object.entries(idsByPriority).flatMap(([priority, ids]) =>
      ids.map((id) => ({
        id,
        name: `channel ${id}`,
        url: 'https://relay.example',
        keys: [{ id, secret: 'k' }],
        models: [{ name: 'm' }],
        priority: Number(priority),
        enabled: true,
        createdAt: 0,
        updatedAt: 0,
      })),
    ),
  ).tiersByModel.get('m') ?? [];

const standingFrom =
  (standings: Standings) =>
  ({ channel }: Route): Standing =>
    standings[channel.id] ?? open;

interface Scene {
  readonly standings?: Standings;
  readonly position?: number;
  readonly tried?: readonly ChannelId[];
  readonly preferred?: ChannelId;
  readonly rank?: Rank;
}

const viewOf = (tiers: readonly Tier[], scene: Scene): SelectionView => ({
  tiers,
  standing: standingFrom(scene.standings ?? {}),
  position: () => scene.position ?? 0,
  tried: new Set(scene.tried),
  preferred: scene.preferred,
  rank: scene.rank,
});

const chosen = (tiers: readonly Tier[], scene: Scene): ChannelId | undefined => chooseRoute(viewOf(tiers, scene))?.route.channel.id;

describe('the channel to try next', () => {
  const two = tiersFrom({ 10: [1, 2, 3], 0: [4, 5] });

  it.each<readonly [behaviour: string, scene: Scene, id: ChannelId | undefined]>([
    ['is the one the ring points at', { position: 1 }, 2],
    ['is found although the ring points behind its end, because channels have gone', { position: 7 }, 2],
    ['is the next on the ring when that one cools', { position: 1, standings: { 2: cooling } }, 3],
    ['is the next on the ring when that one was tried', { position: 1, tried: [2] }, 3],
    ['is found around the end of the ring', { position: 2, tried: [3], standings: { 1: cooling } }, 2],
    ['comes from the next tier when the best one is exhausted', { tried: [1, 2, 3] }, 4],
    ['comes from the next tier when the best one cools', { standings: { 1: cooling, 2: cooling, 3: cooling } }, 4],
    ['never comes from a lower tier while the best has one left', { tried: [1, 2] }, 3],
    ['may be a half-open one', { standings: { 1: halfOpen } }, 1],
    ['is not one whose probe is running', { standings: { 1: probed } }, 2],
    ['is nobody when all were tried', { tried: [1, 2, 3, 4, 5] }, undefined],
    ['is nobody when the untried one cools', { tried: [1, 2, 3, 4], standings: { 5: cooling } }, undefined],
    ['is nobody when the untried one is being probed', { tried: [1, 2, 3, 4], standings: { 5: probed } }, undefined],
  ])('%s', (_, scene, id) => {
    expect(chosen(two, scene)).toBe(id);
  });

  it('is nobody when the model has no channels', () => {
    expect(chooseRoute(viewOf([], {}))).toBeUndefined();
  });

  it.each([
    ['open', open, false],
    ['half-open', halfOpen, true],
  ])('needs the probe place exactly when it is not open: %s', (_, standing, needsProbe) => {
    expect(chooseRoute(viewOf(two, { standings: { 1: standing } }))?.needsProbe).toBe(needsProbe);
    expect(chooseRoute(viewOf(two, { standings: { 1: standing }, preferred: 1 }))?.needsProbe).toBe(needsProbe);
  });
});

describe('a session stays with the channel that served it', () => {
  const two = tiersFrom({ 10: [1, 2, 3], 0: [4, 5] });

  it('without turning the ring for the others', () => {
    expect(chooseRoute(viewOf(two, { preferred: 3 }))).toMatchObject({ because: 'affinity', nextPosition: undefined, route: { channel: { id: 3 } } });
  });

  it.each<readonly [unless: string, scene: Scene, id: ChannelId | undefined]>([
    ['it cools', { preferred: 2, standings: { 2: cooling } }, 1],
    ['it is being probed', { preferred: 2, standings: { 2: probed } }, 1],
    ['it was tried for this request', { preferred: 2, tried: [2] }, 1],
    ['it is gone', { preferred: 99 }, 1],
    ['a better tier has a channel again', { preferred: 4 }, 1],
  ])('unless %s', (_, scene, id) => {
    expect(chosen(two, scene)).toBe(id);
    expect(chooseRoute(viewOf(two, scene))?.because).toBe('rotation');
  });

  it('in a lower tier too, while everything above it is out', () => {
    expect(chosen(two, { preferred: 5, standings: { 1: cooling, 2: cooling }, tried: [3] })).toBe(5);
  });
});

// ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

const anyStanding = fc.constantFrom(open, halfOpen, probed, cooling);
const anyPool = fc.dictionary(
  fc.constantFrom('0', '1', '10'),
  fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
);
/** Pools whose tiers do not share a channel: a channel has one priority. */
const anyTiers = anyPool.map((pool) => {
  const seen = new Set<number>();
  const unshared = Object.entries(pool).map(([priority, ids]) => [priority, ids.filter((id) => !seen.has(id) && seen.add(id))] as const);
  return tiersFrom(Object.fromEntries(unshared));
});
const anyStandings = fc.dictionary(fc.integer({ min: 1, max: 30 }).map(String), anyStanding);

const routesOf = (tiers: readonly Tier[]): readonly Route[] => tiers.flatMap((tier) => tier.routes);
const isAvailable = (standing: Standing): boolean => standing.kind === 'open' || (standing.kind === 'half-open' && !standing.probing);

/** All that one request would try if every channel failed it, in order. */
const exhaust = (tiers: readonly Tier[], scene: Scene): readonly Choice[] => {
  const choices: Choice[] = [];
  const position = new Map<Tier, number>();
  const tried = new Set<ChannelId>();
  for (;;) {
    const view = { ...viewOf(tiers, scene), tried, position: (tier: Tier) => position.get(tier) ?? scene.position ?? 0 };
    const choice = chooseRoute(view);
    if (choice === undefined || choices.length > 100) return choices;
    if (choice.nextPosition !== undefined) position.set(choice.tier, choice.nextPosition);
    tried.add(choice.route.channel.id);
    choices.push(choice);
  }
};

describe('a session that other replicas may serve too', () => {
  const tiers = tiersFrom({ 10: [1, 2, 3], 0: [4] });
  /** 2 before 3 before 1; the channel of the lower priority most of all. */
  const rank: Rank = (id) => [0, 1, 3, 2, 9][id] ?? 0;

  it('begins at its home, wherever the ring stands, and does not turn it', () => {
    for (const position of [0, 1, 2]) {
      expect(chooseRoute(viewOf(tiers, { rank, position }))).toMatchObject({ route: { channel: { id: 2 } }, because: 'home', nextPosition: undefined });
    }
  });

  it('stays with the channel that served it last, even if that is not its home', () => {
    expect(chooseRoute(viewOf(tiers, { rank, preferred: 1 }))).toMatchObject({ route: { channel: { id: 1 } }, because: 'affinity' });
  });

  it('goes to its next home while the first one cools, is being probed, or has been tried', () => {
    for (const scene of [{ standings: { 2: cooling } }, { standings: { 2: probed } }, { tried: [2] }]) {
      expect(chooseRoute(viewOf(tiers, { rank, ...scene }))).toMatchObject({ route: { channel: { id: 3 } }, because: 'home' });
    }
  });

  it('probes its home when that is half-open', () => {
    expect(chooseRoute(viewOf(tiers, { rank, standings: { 2: halfOpen } }))).toMatchObject({ route: { channel: { id: 2 } }, needsProbe: true });
  });

  it('leaves its priority only when nobody of it is available', () => {
    expect(chooseRoute(viewOf(tiers, { rank, tried: [1, 2, 3] }))).toMatchObject({ route: { channel: { id: 4 } }, because: 'home' });
  });
});

describe('a request that fails everywhere', () => {
  it('tries every available channel exactly once, and no other', () => {
    fc.assert(
      fc.property(anyTiers, anyStandings, fc.nat(50), fc.option(fc.nat(30), { nil: undefined }), (tiers, standings, position, preferred) => {
        const scene = { standings, position, ...(preferred === undefined ? {} : { preferred }) };
        const ids = exhaust(tiers, scene).map((choice) => choice.route.channel.id);
        const available = routesOf(tiers).filter((route) => isAvailable(standingFrom(standings)(route)));
        expect(new Set(ids).size).toBe(ids.length);
        expect(new Set(ids)).toEqual(new Set(available.map((route) => route.channel.id)));
      }),
    );
  });

  it('tries them from the best priority downwards', () => {
    fc.assert(
      fc.property(anyTiers, anyStandings, fc.nat(50), fc.nat(30), (tiers, standings, position, preferred) => {
        const priorities = exhaust(tiers, { standings, position, preferred }).map((choice) => choice.tier.priority);
        expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
      }),
    );
  });
});

describe('rotation', () => {
  /** How often each channel was first choice over `requests` requests that all succeed. */
  const shares = (tiers: readonly Tier[], standings: Standings, requests: number, start: number): ReadonlyMap<ChannelId, number> => {
    const counts = new Map<ChannelId, number>();
    let position = start;
    for (let i = 0; i < requests; i++) {
      const choice = chooseRoute(viewOf(tiers, { standings, position }));
      if (choice === undefined) break;
      position = choice.nextPosition ?? position;
      counts.set(choice.route.channel.id, (counts.get(choice.route.channel.id) ?? 0) + 1);
    }
    return counts;
  };

  it('visits each channel of a priority in turn', () => {
    const tiers = tiersFrom({ 0: [1, 2, 3] });
    let position = 0;
    const order = Array.from({ length: 6 }, () => {
      const choice = chooseRoute(viewOf(tiers, { position }));
      position = choice?.nextPosition ?? -1;
      return choice?.route.channel.id;
    });
    expect(order).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('does not give the neighbour of a cooling channel a double share', () => {
    expect(shares(tiersFrom({ 0: [1, 2, 3] }), { 2: cooling }, 100, 0)).toEqual(new Map([[1, 50], [3, 50]]));
  });

  it('shares evenly among those available, to within one request, wherever it starts', () => {
    fc.assert(
      fc.property(anyTiers, anyStandings, fc.nat(60), fc.nat(20), (tiers, standings, requests, start) => {
        const counts = shares(tiers, standings, requests, start);
        const best = tiers.find((tier) => tier.routes.some((route) => isAvailable(standingFrom(standings)(route))));
        const members = best?.routes.filter((route) => isAvailable(standingFrom(standings)(route))) ?? [];
        const memberCounts = members.map((route) => counts.get(route.channel.id) ?? 0);
        expect(memberCounts.reduce((sum, count) => sum + count, 0)).toBe(members.length === 0 ? 0 : requests);
        expect(Math.max(0, ...memberCounts) - Math.min(...memberCounts, Infinity)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has nothing to remember for a channel that is alone in its tier', () => {
    expect(chooseRoute(viewOf(tiersFrom({ 0: [1] }), { position: 5 }))?.nextPosition).toBeUndefined();
  });
});

describe('when everyone cools', () => {
  const tiers = tiersFrom({ 10: [1, 2], 0: [3] });
  const wakes = (standings: Standings): unknown => {
    const first = firstToWake(tiers, standingFrom(standings), now);
    return [first?.route.channel.id, first?.at];
  };
  const probe = (standings: Standings): ChannelId | undefined => chooseEarlyProbe(tiers, standingFrom(standings), now)?.route.channel.id;
  const soon = coolingUntil(now + 1_000);
  const later = coolingUntil(now + 9_000);

  it.each<readonly [behaviour: string, standings: Standings, id: ChannelId, at: number]>([
    ['the shortest cooldown, whatever the priority', { 1: later, 2: later, 3: soon }, 3, now + 1_000],
    ['of equals the better priority', { 1: later, 2: soon, 3: soon }, 2, now + 1_000],
    ['a channel whose probe is running wakes now', { 1: soon, 2: later, 3: probed }, 3, now],
  ])('who wakes first: %s', (_, standings, id, at) => {
    expect(wakes(standings)).toEqual([id, at]);
  });

  it('nobody wakes where nobody is', () => {
    expect(firstToWake([], standingFrom({}), now)).toBeUndefined();
    expect(chooseEarlyProbe([], standingFrom({}), now)).toBeUndefined();
  });

  it('the channel that wakes first is probed ahead of time, under its probe place and without turning the ring', () => {
    expect(chooseEarlyProbe(tiers, standingFrom({ 1: later, 2: soon, 3: later }), now)).toMatchObject({
      because: 'early-probe',
      needsProbe: true,
      nextPosition: undefined,
      route: { channel: { id: 2 } },
    });
  });

  it.each<readonly [unless: string, standings: Standings]>([
    ['its probe is running already', { 1: coolingUntil(now + 1_000, { probing: true }), 2: later, 3: later }],
    ['it has been cooling for less than a second', { 1: coolingUntil(now + 1_000, { since: now - earlyProbeEveryMs + 1 }), 2: later, 3: later }],
    ['a half-open channel is being probed', { 1: probed, 2: soon, 3: later }],
    ['somebody is open after all', { 1: soon, 2: open, 3: later }],
  ])('unless %s: a second one is not probed in its place', (_, standings) => {
    expect(probe(standings)).toBeUndefined();
  });

  it('nobody is probed ahead of time whom an operator has cooled: the next one is, if there is one', () => {
    const ordered = coolingUntil(now + 1_000, { byHand: true });
    expect(probe({ 1: ordered, 2: ordered, 3: ordered })).toBeUndefined();
    expect(probe({ 1: ordered, 2: soon, 3: later })).toBe(2);
    expect(wakes({ 1: ordered, 2: later, 3: later })).toEqual([1, now + 1_000]);
  });

  it('a whole second after the cooldown began a probe may go', () => {
    expect(probe({ 1: coolingUntil(now + 1_000, { since: now - earlyProbeEveryMs }), 2: later, 3: later })).toBe(1);
  });
});
