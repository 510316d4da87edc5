import type { FieldView } from '../shell/field-view.js';
import { formValues } from '../shell/parse-form.js';
import type { ChoiceView, Speech } from '../shell/shell.view.js';
import { statusLabel } from '../text/status-badge.js';
import type { ChannelTestTexts } from './channel-test.en.js';
import { channelsPath } from './list-query.js';

export const testTypes = ['anthropic', 'openai', 'codex'] as const;
export type TestType = (typeof testTypes)[number];

export const contentCharsMax = 10_000;

/** The test form as it was filled in. */
export interface TestForm {
  readonly type: TestType;
  readonly model: string;
  readonly content: string;
  readonly isStreaming: boolean;
}

export const testFormOf = (body: unknown): TestForm => {
  const { type, model, content, stream } = formValues(body, ['type', 'model', 'content', 'stream']);
  return { type: testTypes.find((known) => known === type) ?? 'anthropic', model: model.trim(), content, isStreaming: stream === 'true' };
};

/** What the channel answered, as the test tells it. */
export interface AnswerFacts {
  readonly success: boolean;
  readonly status_code: number | null;
  readonly duration_ms: number;
  readonly first_byte_ms: number | null;
  readonly response_text: string;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number } | null;
  readonly error: string | null;
  readonly raw_response: string;
}

/** Why the test was not made. */
export type TestRefusal = 'model' | 'content' | 'busy' | 'unusable' | 'gone';

export interface TestFacts {
  readonly channel: { readonly id: number; readonly name: string; readonly models: readonly string[] };
  readonly form?: TestForm;
  readonly answer?: AnswerFacts;
  readonly refusal?: TestRefusal;
  readonly modelCharsMax: number;
}

export interface VerdictView {
  readonly badge: { readonly tone: 'good' | 'bad'; readonly label: string };
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly error: string | undefined;
  readonly answer: string;
  readonly hasAnswer: boolean;
  readonly raw: string;
}

export interface ChannelTestView {
  readonly title: string;
  readonly texts: ChannelTestTexts;
  readonly action: string;
  readonly listPath: string;
  readonly type: { readonly name: string; readonly label: string; readonly choices: readonly ChoiceView[] };
  readonly model: FieldView;
  readonly models: readonly string[];
  readonly content: FieldView;
  readonly isStreaming: boolean;
  /** `undefined` when there is nothing left to test. */
  readonly submit: string | undefined;
  readonly problem: string | undefined;
  readonly verdict: VerdictView | undefined;
}

/** The interface that a client of the first model would use. */
const usualType = (models: readonly string[]): TestType => {
  const [model = ''] = models;
  if (/codex/i.test(model)) return 'codex';
  return /claude|^$/i.test(model) ? 'anthropic' : 'openai';
};

const verdictOf = (answer: AnswerFacts, { texts, formats }: Speech<ChannelTestTexts>): VerdictView => {
  const { usage } = answer;
  const tokens = usage === null ? formats.number(null) : texts.tokensOf(formats.number(usage.input_tokens), formats.number(usage.output_tokens));
  return {
    badge: answer.success ? { tone: 'good', label: texts.works } : { tone: 'bad', label: texts.fails },
    facts: [
      { label: texts.status, value: answer.status_code === null ? texts.noStatus : statusLabel(answer.status_code, formats.language) },
      { label: texts.duration, value: formats.duration(answer.duration_ms) },
      { label: texts.firstByte, value: formats.duration(answer.first_byte_ms) },
      { label: texts.tokens, value: tokens },
    ],
    error: answer.error ?? undefined,
    answer: answer.response_text === '' ? texts.noAnswer : answer.response_text,
    hasAnswer: answer.success || answer.response_text !== '',
    raw: answer.raw_response,
  };
};

/** The form, and below it what came of it. */
export const channelTestView = (facts: TestFacts, speech: Speech<ChannelTestTexts>): ChannelTestView => {
  const { texts, formats } = speech;
  const { channel, answer, refusal } = facts;
  const { models } = channel;
  const form = facts.form ?? { type: usualType(models), model: models[0] ?? '', content: texts.greeting, isStreaming: true };
  const modelError = refusal === 'model' ? { error: texts.errors.model(formats.number(facts.modelCharsMax)) } : {};
  const contentError = refusal === 'content' ? { error: texts.errors.content(formats.number(contentCharsMax)) } : {};
  return {
    title: texts.title(channel.name),
    texts,
    action: `${channelsPath}/${channel.id}/test`,
    listPath: channelsPath,
    type: { name: 'type', label: texts.type, choices: testTypes.map((value) => ({ value, label: texts.types[value], isChosen: value === form.type })) },
    model: { name: 'model', label: texts.model, type: 'text', value: form.model, hint: texts.modelHint, isRequired: true, list: 'test-models', autocomplete: 'off', ...modelError },
    models,
    content: { name: 'content', label: texts.content, type: 'textarea', value: form.content, isRequired: true, rows: 2, ...contentError },
    isStreaming: form.isStreaming,
    submit: refusal === 'gone' ? undefined : answer === undefined ? texts.send : texts.again,
    problem: refusal === undefined || refusal === 'model' || refusal === 'content' ? undefined : texts[refusal],
    verdict: answer === undefined ? undefined : verdictOf(answer, speech),
  };
};
