import { channelUrlFault } from '../../domain/endpoint.js';
import type { EpochMs } from '../../domain/time.js';
import type { ListQuery, SortKey, Status } from './list-query.js';

export interface CoolingFacts {
  /** `undefined`: every model. */
  readonly model: string | undefined;
  readonly until: EpochMs;
  readonly reason: string;
}

/** Requests of one hour. */
export interface HourFacts {
  readonly success: number;
  readonly error: number;
}

/** What the list shows of a channel. */
export interface ChannelFacts {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly updated_at: EpochMs;
  /** What cools now: the whole channel, single models, or both. */
  readonly cooling: readonly CoolingFacts[];
  /** The last hours, the present one last. */
  readonly hours: readonly HourFacts[];
}

/** `partly`: it serves, but some of its models cool. In the order of their urgency. */
const states = ['unusable', 'cooling', 'partly', 'serving', 'disabled'] as const;
export type ChannelState = (typeof states)[number];

export const stateOf = ({ url, enabled, cooling }: ChannelFacts): ChannelState => {
  // What an older file holds is left out until it is mended, whether it was enabled or not.
  if (channelUrlFault(url) !== undefined) return 'unusable';
  if (!enabled) return 'disabled';
  if (cooling.some(({ model }) => model === undefined)) return 'cooling';
  return cooling.length === 0 ? 'serving' : 'partly';
};

const statusesOf: Readonly<Record<ChannelState, readonly Status[]>> = {
  unusable: ['disabled'],
  cooling: ['cooling'],
  partly: ['serving', 'cooling'],
  serving: ['serving'],
  disabled: ['disabled'],
};

export const requestsOf = ({ hours }: ChannelFacts): number => hours.reduce((sum, { success, error }) => sum + success + error, 0);
export const successesOf = ({ hours }: ChannelFacts): number => hours.reduce((sum, { success }) => sum + success, 0);

/** A channel that nobody asked has no rate, and stands behind all that have one. */
const rateOf = (channel: ChannelFacts): number => {
  const requests = requestsOf(channel);
  return requests === 0 ? -1 : successesOf(channel) / requests;
};

const compare: Readonly<Record<SortKey, (a: ChannelFacts, b: ChannelFacts) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name),
  status: (a, b) => states.indexOf(stateOf(a)) - states.indexOf(stateOf(b)),
  priority: (a, b) => a.priority - b.priority,
  requests: (a, b) => requestsOf(a) - requestsOf(b),
  success: (a, b) => rateOf(a) - rateOf(b),
};

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

const fits = (channel: ChannelFacts, { q, status, model }: ListQuery): boolean =>
  (status === undefined || statusesOf[stateOf(channel)].includes(status)) &&
  (model === '' || channel.models.some((name) => contains(name, model))) &&
  (q === '' || [channel.name, channel.url, ...channel.models].some((text) => contains(text, q)));

/** The channels that the query asks for, in its order; equals stay in theirs. All pages of them. */
export const selected = (channels: readonly ChannelFacts[], query: ListQuery): readonly ChannelFacts[] => {
  const sign = query.isDescending ? -1 : 1;
  const byKey = compare[query.sort];
  return channels.filter((channel) => fits(channel, query)).sort((a, b) => sign * byKey(a, b));
};
