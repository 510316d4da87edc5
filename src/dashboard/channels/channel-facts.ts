import type { EpochMs } from '../../domain/time.js';
import type { ListQuery, SortKey, Status } from './list-query.js';

export interface CoolingFacts {
  /** `undefined`: every model. */
  readonly model: string | undefined;
  readonly until: EpochMs;
  readonly reason: string;
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
  /** False when its URL is none, or not allowed. */
  readonly isUsable: boolean;
  /** Attempts of the last day. */
  readonly succeeded: number;
  readonly failed: number;
}

/** `partly`: it serves, but some of its models cool. In the order of their urgency. */
const states = ['unusable', 'cooling', 'partly', 'serving', 'disabled'] as const;
export type ChannelState = (typeof states)[number];

export const stateOf = ({ isUsable, enabled, cooling }: ChannelFacts): ChannelState => {
  // What an older file holds is left out until it is mended, whether it was enabled or not.
  if (!isUsable) return 'unusable';
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

export const attemptsOf = ({ succeeded, failed }: ChannelFacts): number => succeeded + failed;

/** A channel that nobody asked has no rate, and stands behind all that have one. */
const rateOf = (channel: ChannelFacts): number => {
  const attempts = attemptsOf(channel);
  return attempts === 0 ? -1 : channel.succeeded / attempts;
};

const compare: Readonly<Record<SortKey, (a: ChannelFacts, b: ChannelFacts) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name),
  status: (a, b) => states.indexOf(stateOf(a)) - states.indexOf(stateOf(b)),
  priority: (a, b) => a.priority - b.priority,
  attempts: (a, b) => attemptsOf(a) - attemptsOf(b),
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

/** Rows of one page of the list. */
export const rowsPerPage = 100;

/** One page of what the query asks for; a page that is past the last one is the last one. */
export interface ChannelPage {
  readonly rows: readonly ChannelFacts[];
  /** On all pages. */
  readonly found: number;
  readonly query: ListQuery;
}

export const channelPage = (channels: readonly ChannelFacts[], query: ListQuery): ChannelPage => {
  const found = selected(channels, query);
  const page = Math.min(query.page, Math.max(1, Math.ceil(found.length / rowsPerPage)));
  return { rows: found.slice((page - 1) * rowsPerPage, page * rowsPerPage), found: found.length, query: { ...query, page } };
};
