import type { EpochMs } from '../../domain/time.js';
import type { BadgeView } from '../shell/badge-view.js';
import type { Speech } from '../shell/shell.view.js';
import { reasonText } from '../text/cooling-reasons.js';
import type { TimeView } from '../text/formats.js';
import type { OverviewTexts } from './overview.en.js';

/** Rows on the overview: those that cool first, then by priority. The channels page has them all. */
export const healthRowsMax = 12;
/** Models of one channel that are named because they cool. */
const coolingModelsMax = 3;

/** What the page asks of a channel. */
export interface ChannelFacts {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  /** What cools: the channel (`model` undefined) and models of it. */
  readonly cooling: readonly { readonly model: string | undefined; readonly until: EpochMs; readonly reason: string }[];
  /** Attempts of the last 24 hours. */
  readonly succeeded: number;
  readonly failed: number;
}

export interface CoolingView {
  /** Empty when the whole channel cools. */
  readonly model: string;
  readonly reason: string;
  readonly until: TimeView;
}

export interface ChannelHealthView {
  readonly id: string;
  readonly name: string;
  /** Where it can be changed; empty while there is no such page. */
  readonly path: string;
  readonly badge: BadgeView;
  readonly cooling: readonly CoolingView[];
  readonly attempts: string;
  readonly success: string;
}

export interface HealthView {
  /** How many are in which state. */
  readonly summary: readonly BadgeView[];
  readonly rows: readonly ChannelHealthView[];
  /** How many channels are not shown; empty when none. */
  readonly more: string;
}

type State = 'serving' | 'cooling' | 'disabled';

const stateOf = ({ enabled, cooling }: ChannelFacts): State => {
  if (!enabled) return 'disabled';
  return cooling.some(({ model }) => model === undefined) ? 'cooling' : 'serving';
};

const tones = { serving: 'good', cooling: 'warn', disabled: 'quiet' } as const;
const urgency = { cooling: 0, serving: 1, disabled: 2 } as const;

const coolingView = (channel: ChannelFacts, now: EpochMs, { texts, formats }: Speech<OverviewTexts>): readonly CoolingView[] => {
  if (!channel.enabled) return [];
  const whole = channel.cooling.filter(({ model }) => model === undefined);
  // What cools altogether need not be told model by model.
  return (whole.length > 0 ? whole : channel.cooling.slice(0, coolingModelsMax)).map(({ model = '', until, reason }) => ({
    model,
    reason: reasonText(reason, texts.reasons),
    until: formats.stopwatch(until, now),
  }));
};

/** Channels come best priority first. */
export const healthView = (channels: readonly ChannelFacts[], listPath: string | undefined, now: EpochMs, speech: Speech<OverviewTexts>): HealthView => {
  const { texts, formats } = speech;
  const shown = [...channels].sort((one, other) => urgency[stateOf(one)] - urgency[stateOf(other)]).slice(0, healthRowsMax);
  const counts = (['serving', 'cooling', 'disabled'] as const).map((state) => ({
    state,
    count: channels.filter((channel) => stateOf(channel) === state).length,
  }));
  const left = channels.length - shown.length;
  return {
    summary: counts.filter(({ count }) => count > 0).map(({ state, count }) => ({ tone: tones[state], label: texts.counted[state](formats.number(count)) })),
    rows: shown.map((channel) => ({
      id: String(channel.id),
      name: channel.name,
      path: listPath === undefined ? '' : `${listPath}?${new URLSearchParams({ q: channel.name }).toString()}`,
      badge: { tone: tones[stateOf(channel)], label: texts.states[stateOf(channel)] },
      cooling: coolingView(channel, now, speech),
      attempts: formats.number(channel.succeeded + channel.failed),
      success: formats.percent(channel.succeeded, channel.succeeded + channel.failed),
    })),
    more: left > 0 ? texts.moreChannels(left, formats.number(left)) : '',
  };
};
