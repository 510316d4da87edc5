import type { FieldView } from '../shell/field-view.js';
import type { ChoiceView } from '../shell/shell.view.js';
import { spanLabel, spansWith } from '../shell/span-choice.js';
import { sharedTexts } from '../text/shared-texts.js';
import type { Language } from '../text/language.js';
import { statusTexts } from '../text/status-badge.js';
import type { LogsTexts } from './logs.en.js';
import type { LogField, LogRequest } from './parse-log-query.js';

/** A choice of a form, as its partial shows it. */
export interface SelectView {
  readonly name: LogField;
  readonly label: string;
  readonly choices: readonly ChoiceView[];
  readonly error?: string;
}

export interface LogFilterView {
  readonly hours: SelectView;
  readonly channel: SelectView;
  readonly model: FieldView;
  readonly status: SelectView;
  readonly requestId: FieldView;
  /** True when any field but the span asks for something. */
  readonly isSet: boolean;
}

export interface FilterFacts {
  readonly request: LogRequest;
  readonly channels: readonly { readonly id: number; readonly name: string }[];
  readonly language: Language;
}

/** What was asked for is a choice too, whatever the list says: a form never loses its value. */
const choicesOf = (chosen: string, offered: readonly (readonly [value: string, label: string])[]): readonly ChoiceView[] => {
  const known = offered.some(([value]) => value === chosen) ? offered : [...offered, [chosen, chosen] as const];
  return known.map(([value, label]) => ({ value, label, isChosen: value === chosen }));
};

const channelChoices = ({ request, channels }: FilterFacts, texts: LogsTexts): readonly ChoiceView[] => {
  const chosen = request.values.channel_id;
  const isKnown = chosen === '' || chosen === '0' || channels.some(({ id }) => String(id) === chosen);
  return choicesOf(chosen, [
    ['', texts.anyChannel],
    ...channels.map(({ id, name }) => [String(id), name] as const),
    ['0', texts.noChannel],
    ...(isKnown || request.problems.includes('channel_id') ? [] : [[chosen, texts.formerChannel(chosen)] as const]),
  ]);
};

const statusChoices = ({ request, language }: FilterFacts, texts: LogsTexts): readonly ChoiceView[] =>
  choicesOf(request.values.status, [
    ['', texts.anyStatus],
    ...Object.entries(texts.statusClasses),
    ...Object.entries(statusTexts[language].words).map(([code, word]) => [code, `${code} ${word}`] as const),
  ]);

/** The form above the list, filled in with what the address asks for, with a sentence at each field that cannot be used. */
export const logFilterView = (facts: FilterFacts, texts: LogsTexts): LogFilterView => {
  const { values, problems } = facts.request;
  const errorAt = (field: LogField): { readonly error?: string } => (problems.includes(field) ? { error: texts.problems[field] } : {});
  const spans = spansWith(Number(values.hours) || 0).filter((hours) => hours > 0);
  const shared = sharedTexts[facts.language];
  const labels = spans.map((hours) => [String(hours), spanLabel(hours, shared)] as const);
  const field = (name: LogField, label: string): FieldView => ({ name, label, type: 'text', value: values[name], autocomplete: 'off', ...errorAt(name) });
  return {
    hours: { name: 'hours', label: texts.hours, choices: choicesOf(values.hours, labels), ...errorAt('hours') },
    channel: { name: 'channel_id', label: texts.channel, choices: channelChoices(facts, texts), ...errorAt('channel_id') },
    model: field('model_like', texts.model),
    status: { name: 'status', label: texts.status, choices: statusChoices(facts, texts), ...errorAt('status') },
    requestId: field('request_id', texts.requestId),
    isSet: values.channel_id !== '' || values.model_like !== '' || values.status !== '' || values.request_id !== '',
  };
};
