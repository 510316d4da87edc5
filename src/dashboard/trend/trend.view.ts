import type { EpochMs } from '../../domain/time.js';
import type { ChartView } from '../shell/chart-view.js';
import type { ChoiceView, Speech } from '../shell/shell.view.js';
import { spanHoursDefault, spanLabel, spansWith, type LinkView } from '../shell/span-choice.js';
import type { SharedTexts } from '../text/shared.en.js';
import { comparedMax, stepMinutesOf, trendPath, type TrendRequest } from './parse-trend-query.js';
import { trendCharts, type TrendPoint } from './trend-charts.js';
import type { TrendTexts } from './trend.en.js';

export interface TrendFacts {
  readonly request: TrendRequest;
  readonly channels: readonly { readonly id: number; readonly name: string }[];
  readonly curves: readonly { readonly channel_id: number | null; readonly points: readonly TrendPoint[] }[];
}

export interface TrendView {
  readonly title: string;
  readonly detail: string;
  readonly spans: readonly LinkView[];
  readonly hours: string;
  readonly problem: string | undefined;
  readonly warning: string | undefined;
  readonly choices: readonly ChoiceView[];
  readonly chosen: string;
  readonly compareHint: string;
  /** Where nothing is chosen any more; `undefined` while nothing is. */
  readonly clearPath: string | undefined;
  readonly charts: readonly ChartView[];
  readonly texts: TrendTexts;
}

export type TrendSpeech = Speech<TrendTexts> & { readonly shared: SharedTexts };

const nameOf = (id: number, { channels }: TrendFacts, texts: TrendTexts): string =>
  id === 0 ? texts.noChannel : (channels.find((channel) => channel.id === id)?.name ?? texts.formerChannel(String(id)));

/** What can be compared: the channels there are, and whatever else the address names. */
const choicesOf = (facts: TrendFacts, texts: TrendTexts): readonly ChoiceView[] => {
  const { channelIds } = facts.request;
  const ids = [...new Set([...facts.channels.map(({ id }) => id), 0, ...channelIds])];
  return ids.map((id) => ({ value: String(id), label: nameOf(id, facts, texts), isChosen: channelIds.includes(id) }));
};

const stepText = (minutes: number, texts: TrendTexts): string => (minutes < 60 ? texts.stepMinutes(minutes) : texts.stepHours(minutes / 60));

export const trendView = (facts: TrendFacts, now: EpochMs, speech: TrendSpeech): TrendView => {
  const { texts, formats, shared } = speech;
  const { channelIds, isCut } = facts.request;
  const hours = facts.request.hours ?? spanHoursDefault;
  const names = channelIds.map((id) => nameOf(id, facts, texts));
  const curves = facts.curves.map(({ channel_id: id, points }) => ({ name: id === null ? texts.allChannels : nameOf(id, facts, texts), points }));
  return {
    title: texts.title,
    detail: stepText(stepMinutesOf(hours), texts),
    spans: spansWith(hours).map((span) => ({
      label: spanLabel(span, shared),
      path: trendPath(span, channelIds),
      isCurrent: span === facts.request.hours,
    })),
    hours: String(hours),
    problem: facts.request.hours === undefined ? texts.hoursWrong : undefined,
    warning: isCut ? texts.tooMany(formats.number(comparedMax)) : undefined,
    choices: choicesOf(facts, texts),
    chosen: names.length === 0 ? texts.allChannels : names.join(', '),
    compareHint: texts.compareHint(formats.number(comparedMax)),
    clearPath: channelIds.length === 0 ? undefined : trendPath(hours, []),
    charts: trendCharts({ curves, isCompared: channelIds.length > 0 }, now, speech),
    texts,
  };
};
