import type { Channel, ChannelId } from './channel.js';
import { endpointOf, type Endpoint } from './endpoint.js';

/** A channel made ready for the request path: whatever depends on the channel alone is computed once per admin write. */
export interface Route {
  readonly channel: Channel;
  readonly endpoint: Endpoint;
}

/** The enabled channels of one model that share a priority, in id order: the ring that round robin turns. */
export interface Tier {
  readonly priority: number;
  readonly routes: readonly Route[];
}

/** An immutable view of all channels, swapped by reference after every change. */
export interface Catalog {
  /** Per model, best priority first. A model that no enabled channel serves is absent. */
  readonly tiersByModel: ReadonlyMap<string, readonly Tier[]>;
  /** Models that only disabled channels serve: they deserve another sentence than unknown ones. */
  readonly disabledModels: ReadonlySet<string>;
  /** The union of models over enabled channels, sorted, for `GET /v1/models`. */
  readonly models: readonly string[];
  readonly enabledChannels: ReadonlyMap<ChannelId, Channel>;
}

const byPriorityThenId = (a: Route, b: Route): number =>
  b.channel.priority - a.channel.priority || a.channel.id - b.channel.id;

const modelNames = (channel: Channel): ReadonlySet<string> => new Set(channel.models.map((model) => model.name));

const intoTiers = (routes: readonly Route[]): readonly Tier[] => {
  const tiers: { priority: number; routes: Route[] }[] = [];
  for (const route of [...routes].sort(byPriorityThenId)) {
    const last = tiers.at(-1);
    if (last?.priority === route.channel.priority) last.routes.push(route);
    else tiers.push({ priority: route.channel.priority, routes: [route] });
  }
  return tiers;
};

/** Channels that are dealt with between two pauses: less than a millisecond's work. */
const perStep = 50;

/**
 * Builds the view once per change, so that a request finds its tiers with one map look-up, however many channels there are.
 * Pauses now and then, so that whoever builds the view of very many can let others work in between.
 */
export function* catalogSteps(channels: readonly Channel[]): Generator<void, Catalog> {
  const routesByModel = new Map<string, Route[]>();
  const disabledModels = new Set<string>();
  const enabledChannels = new Map<ChannelId, Channel>();
  for (const [index, channel] of channels.entries()) {
    if (index % perStep === perStep - 1) yield;
    if (!channel.enabled) {
      for (const model of modelNames(channel)) disabledModels.add(model);
      continue;
    }
    enabledChannels.set(channel.id, channel);
    const route: Route = { channel, endpoint: endpointOf(channel.url) };
    for (const model of modelNames(channel)) {
      const routes = routesByModel.get(model);
      if (routes) routes.push(route);
      else routesByModel.set(model, [route]);
    }
  }
  const tiersByModel = new Map<string, readonly Tier[]>();
  for (const [model, routes] of routesByModel) {
    tiersByModel.set(model, intoTiers(routes));
    yield;
  }
  for (const model of tiersByModel.keys()) disabledModels.delete(model);
  return { tiersByModel, disabledModels, models: [...tiersByModel.keys()].sort(), enabledChannels };
}

/** The same without a pause. */
export const catalogOf = (channels: readonly Channel[]): Catalog => {
  const steps = catalogSteps(channels);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};
