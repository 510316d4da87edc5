import type { EpochMs } from '../../domain/time.js';
import type { Speech } from '../shell/shell.view.js';
import type { BadgeView } from '../shell/badge-view.js';
import { reasonText } from '../text/cooling-reasons.js';
import type { TimeView } from '../text/formats.js';
import type { ChannelListTexts } from './channel-list.en.js';
import { attemptsOf, stateOf, type ChannelFacts, type ChannelState, type CoolingFacts } from './channel-facts.js';
import { channelsPath } from './list-query.js';

/** Models that a row names; the others are counted. */
const modelsNamedMax = 2;
/** Cooldowns that a row names, the channel's own first. */
const coolingNamedMax = 3;

export interface CoolingView {
  /** The model that cools; empty when the whole channel does. */
  readonly model: string;
  readonly reason: string;
  readonly until: TimeView;
}

interface ActionView {
  readonly path: string;
  readonly label: string;
  /** With the channel's name, for those who hear the page. */
  readonly title: string;
}

export interface RowView {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly badge: BadgeView;
  readonly note: string | undefined;
  readonly switch: { readonly name: 'enable' | 'disable'; readonly value: number; readonly label: string; readonly isOn: boolean; readonly form: string };
  readonly cooling: readonly CoolingView[];
  readonly moreCooling: string | undefined;
  readonly clearTitle: string;
  readonly priority: { readonly value: string; readonly label: string; readonly isWrong: boolean };
  readonly updatedAt: number;
  readonly models: { readonly shown: readonly string[]; readonly more: string | undefined; readonly title: string };
  /** `undefined` when nobody asked for a day. */
  readonly sparkline: { readonly label: string; readonly points: string } | undefined;
  readonly attempts: string;
  readonly failed: string | undefined;
  readonly success: string;
  readonly actions: Readonly<Record<'test' | 'edit' | 'copy' | 'remove', ActionView>>;
}

const toneOf: Readonly<Record<ChannelState, BadgeView['tone']>> = {
  unusable: 'bad',
  cooling: 'warn',
  partly: 'good',
  serving: 'good',
  disabled: 'quiet',
};

/** In the box of the sparkline partial, 100 × 24, with a pixel of air above and below. */
export const sparkPoints = (values: readonly number[]): string => {
  const highest = Math.max(1, ...values);
  const stepX = 100 / Math.max(1, values.length - 1);
  return values.map((value, index) => `${(index * stepX).toFixed(1)},${(23 - (value / highest) * 22).toFixed(1)}`).join(' ');
};

const sparklineOf = (hours: readonly number[], { texts, formats }: Speech<ChannelListTexts>): RowView['sparkline'] => {
  const highest = Math.max(0, ...hours);
  return highest === 0 ? undefined : { label: texts.attemptsPerHour(formats.number(highest)), points: sparkPoints(hours) };
};

const actionsOf = (channel: ChannelFacts, { actions, actionOn }: ChannelListTexts): RowView['actions'] => {
  const action = (label: string, path: string): ActionView => ({ label, path: `${channelsPath}/${channel.id}/${path}`, title: actionOn(label, channel.name) });
  return {
    test: action(actions.test, 'test'),
    edit: action(actions.edit, 'edit'),
    copy: action(actions.copy, 'copy'),
    remove: action(actions.remove, 'delete'),
  };
};

const modelsOf = (names: readonly string[], { texts, formats }: Speech<ChannelListTexts>): RowView['models'] => {
  const hidden = names.length - modelsNamedMax;
  return {
    shown: names.slice(0, modelsNamedMax),
    more: hidden > 0 ? texts.moreModels(formats.number(hidden)) : undefined,
    title: texts.modelsTitle(names.length, formats.number(names.length), names.slice(0, 50).join(', ')),
  };
};

const coolingOf = (cooling: readonly CoolingFacts[], now: EpochMs, { texts, formats }: Speech<ChannelListTexts>): readonly CoolingView[] =>
  cooling.slice(0, coolingNamedMax).map(({ model = '', until, reason }) => ({
    model,
    reason: reasonText(reason, texts.reasons),
    until: formats.stopwatch(until, now),
  }));

/** What a row shows besides its channel. */
export interface RowFacts {
  /** Attempts, hour by hour. */
  readonly hours: readonly number[];
  /** What stood in the priority's field when it was refused. */
  readonly typed?: string | undefined;
}

export const rowView = (channel: ChannelFacts, now: EpochMs, speech: Speech<ChannelListTexts>, { hours, typed }: RowFacts): RowView => {
  const { texts, formats } = speech;
  const { id, name, enabled, cooling } = channel;
  const state = stateOf(channel);
  const attempts = attemptsOf(channel);
  const moreCooling = cooling.length - coolingNamedMax;
  return {
    id,
    name,
    url: channel.url,
    badge: { tone: toneOf[state], label: texts.states[state] },
    note: state === 'unusable' ? texts.unusable : undefined,
    switch: { name: enabled ? 'disable' : 'enable', value: id, label: texts.enabledOf(name), isOn: enabled, form: 'act' },
    cooling: coolingOf(cooling, now, speech),
    moreCooling: moreCooling > 0 ? texts.moreModels(formats.number(moreCooling)) : undefined,
    clearTitle: texts.clearOf(name),
    priority: { value: typed ?? String(channel.priority), label: texts.priorityOf(name), isWrong: typed !== undefined },
    updatedAt: channel.updated_at,
    models: modelsOf(channel.models, speech),
    sparkline: sparklineOf(hours, speech),
    attempts: formats.number(attempts),
    failed: channel.failed > 0 ? texts.failed(formats.number(channel.failed)) : undefined,
    success: formats.percent(channel.succeeded, attempts),
    actions: actionsOf(channel, texts),
  };
};
