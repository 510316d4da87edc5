import type { Route, Tier } from './catalog.js';
import type { ChannelId } from './channel.js';
import { mayProbeEarly, type Standing } from './cooldown.js';
import type { Rank } from './rendezvous.js';
import type { EpochMs } from './time.js';

/** The channel to try next, and what must be remembered about choosing it. */
export interface Choice {
  readonly route: Route;
  readonly tier: Tier;
  /** Why this one: it serves the session already, it is where every replica looks for it, it was its turn, or everyone cools and it wakes first. */
  readonly because: 'affinity' | 'home' | 'rotation' | 'early-probe';
  /** True when the channel may be entered only by holding its probe place. */
  readonly needsProbe: boolean;
  /** Where the ring of this tier starts next time; `undefined` when the choice did not turn it. */
  readonly nextPosition: number | undefined;
}

/** What selection looks at. Functions rather than maps: only the channels it walks over are asked about. */
export interface SelectionView {
  readonly tiers: readonly Tier[];
  readonly standing: (route: Route) => Standing;
  /** Ring position of a tier; any non-negative integer. */
  readonly position: (tier: Tier) => number;
  readonly tried: ReadonlySet<ChannelId>;
  /** The channel that last served the session, if any. */
  readonly preferred: ChannelId | undefined;
  /** How much a channel belongs to the session, where replicas must agree; `undefined` lets the ring decide. */
  readonly rank?: Rank | undefined;
  /** Hears of every untried channel that selection walked past, and why. */
  readonly passedOver?: (route: Route, standing: Standing) => void;
}

const isAvailable = (standing: Standing): boolean => {
  switch (standing.kind) {
    case 'open':
      return true;
    case 'half-open':
      return !standing.probing;
    case 'cooling':
      return false;
  }
};

/**
 * The first untried channel that is available: best tier first; inside a tier the one that serves the session, else its
 * home or the next on the ring. The ring continues behind the channel chosen, so that the others share evenly while one cools.
 */
export const chooseRoute = (view: SelectionView): Choice | undefined => {
  for (const tier of view.tiers) {
    const choice = (view.preferred !== undefined ? preferredIn(tier, view) : undefined) ?? (view.rank === undefined ? nextOnRing(tier, view) : homeIn(tier, view, view.rank));
    if (choice !== undefined) return choice;
  }
  return undefined;
};

const preferredIn = (tier: Tier, view: SelectionView): Choice | undefined => {
  const route = tier.routes.find(({ channel }) => channel.id === view.preferred);
  if (route === undefined || view.tried.has(route.channel.id)) return undefined;
  const standing = view.standing(route);
  if (!isAvailable(standing)) return undefined;
  return { route, tier, because: 'affinity', needsProbe: standing.kind !== 'open', nextPosition: undefined };
};

const homeIn = (tier: Tier, view: SelectionView, rank: Rank): Choice | undefined => {
  let home: Route | undefined;
  let highest = -1;
  let needsProbe = false;
  for (const route of tier.routes) {
    if (view.tried.has(route.channel.id)) continue;
    const standing = view.standing(route);
    if (!isAvailable(standing)) {
      view.passedOver?.(route, standing);
      continue;
    }
    const its = rank(route.channel.id);
    if (its <= highest) continue;
    home = route;
    highest = its;
    needsProbe = standing.kind !== 'open';
  }
  return home === undefined ? undefined : { route: home, tier, because: 'home', needsProbe, nextPosition: undefined };
};

const nextOnRing = (tier: Tier, view: SelectionView): Choice | undefined => {
  const { routes } = tier;
  const start = routes.length === 1 ? 0 : view.position(tier) % routes.length;
  for (let step = 0; step < routes.length; step++) {
    const index = (start + step) % routes.length;
    const route = routes[index];
    if (route === undefined || view.tried.has(route.channel.id)) continue;
    const standing = view.standing(route);
    if (!isAvailable(standing)) {
      view.passedOver?.(route, standing);
      continue;
    }
    const nextPosition = routes.length === 1 ? undefined : (index + 1) % routes.length;
    return { route, tier, because: 'rotation', needsProbe: standing.kind !== 'open', nextPosition };
  }
  return undefined;
};

/** A channel that nobody may enter now, and when that changes. */
export interface Sleeper {
  readonly route: Route;
  readonly tier: Tier;
  readonly standing: Standing;
  readonly at: EpochMs;
}

const sleepersIn = (tiers: readonly Tier[], standing: (route: Route) => Standing, now: EpochMs): readonly Sleeper[] =>
  tiers.flatMap((tier) =>
    tier.routes.map((route) => {
      const current = standing(route);
      return { route, tier, standing: current, at: current.kind === 'cooling' ? current.until : now };
    }),
  );

const firstOf = (sleepers: readonly Sleeper[]): Sleeper | undefined => {
  let first = sleepers[0];
  for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper;
  return first;
};

/** When nobody is available: who wakes first, and when. A channel whose probe is running wakes "now". */
export const firstToWake = (tiers: readonly Tier[], standing: (route: Route) => Standing, now: EpochMs): Sleeper | undefined =>
  firstOf(sleepersIn(tiers, standing, now));

const isOrdered = ({ standing }: Sleeper): boolean => standing.kind === 'cooling' && standing.byHand;

/**
 * The channel that wakes first, if it may be probed ahead of time. At most one probe of it, at most one per second. Those that
 * an operator has cooled are not looked at.
 */
export const chooseEarlyProbe = (
  tiers: readonly Tier[],
  standing: (route: Route) => Standing,
  now: EpochMs,
): Choice | undefined => {
  const first = firstOf(sleepersIn(tiers, standing, now).filter((sleeper) => !isOrdered(sleeper)));
  if (first?.standing.kind !== 'cooling' || !mayProbeEarly(first.standing, now)) return undefined;
  return { route: first.route, tier: first.tier, because: 'early-probe', needsProbe: true, nextPosition: undefined };
};
