import type { FieldView } from '../shell/field-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { ChannelFormTexts } from './channel-form.en.js';
import { modelsIn, priorityIn, versionIn, type ChannelForm } from './channel-form.js';
import { channelsPath } from './list-query.js';
import { requestUrlsView, type RequestUrlsView, type UrlFault } from './request-urls.view.js';

/** How long and how many the values may be. */
export interface FormBounds {
  readonly nameCharsMax: number;
  readonly keyCharsMax: number;
  readonly urlCharsMax: number;
  readonly modelsMax: number;
  readonly modelCharsMax: number;
  readonly priorityMax: number;
}

/** A channel as it is stored. */
export interface StoredFacts {
  readonly id: number;
  readonly name: string;
  /** Masked. */
  readonly api_key: string;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly updated_at: number;
}

export type FormField = 'name' | 'api_key' | 'url' | 'models' | 'priority';

/** Why a form comes back. */
export type FormRefusal =
  | { readonly kind: 'invalid'; readonly fields: readonly FormField[] }
  | { readonly kind: 'name-taken' | 'stale' | 'busy' | 'gone' };

export interface FormFacts {
  /** `undefined` for a new channel. */
  readonly stored: StoredFacts | undefined;
  /** As it was filled in; else the form shows what is stored. */
  readonly form?: ChannelForm;
  readonly refusal?: FormRefusal;
  /** What is wrong with the URL that the form shows. */
  readonly urlFault: UrlFault | undefined;
  readonly bounds: FormBounds;
}

export interface ChannelFormView {
  readonly title: string;
  readonly texts: ChannelFormTexts;
  readonly action: string;
  readonly listPath: string;
  readonly submit: string;
  readonly problem: string | undefined;
  /** What somebody else has stored, where it differs from the form. */
  readonly theirs: readonly { readonly label: string; readonly value: string }[];
  readonly fields: Readonly<Record<FormField, FieldView>>;
  /** `undefined` where the field's error says it all. */
  readonly requestUrls: RequestUrlsView | undefined;
  readonly modelCount: string;
  readonly isEnabled: boolean;
  readonly updatedAt: string;
  /** Where a script finds the key in clear; `undefined` for a new channel. */
  readonly keyPath: string | undefined;
}

const formOfStored = ({ name, url, models, priority, enabled, updated_at }: StoredFacts): ChannelForm => ({
  ...{ name, url, enabled, api_key: '' },
  models: models.join('\n'),
  priority: String(priority),
  updated_at: String(updated_at),
});

const emptyForm: ChannelForm = { name: '', url: '', api_key: '', models: '', priority: '0', enabled: true, updated_at: '' };

const urlError = ({ urlFault, bounds }: FormFacts, { texts, formats }: Speech<ChannelFormTexts>): string =>
  urlFault === undefined ? texts.urlTooLong(formats.number(bounds.urlCharsMax)) : texts.urlFaults[urlFault];

const errorsOf = (facts: FormFacts, form: ChannelForm, speech: Speech<ChannelFormTexts>): Partial<Record<FormField, string>> => {
  const { texts: { errors, keyNotSentBack }, formats } = speech;
  const { refusal, bounds } = facts;
  if (refusal?.kind === 'name-taken') return { name: errors.nameTaken, ...(form.api_key === '' ? {} : { api_key: keyNotSentBack }) };
  if (refusal?.kind === 'gone') return { api_key: form.api_key === '' ? errors.keyGone : keyNotSentBack };
  if (refusal?.kind !== 'invalid') return {};
  const sentences: Readonly<Record<FormField, string>> = {
    name: errors.name(formats.number(bounds.nameCharsMax)),
    api_key: errors.key(formats.number(bounds.keyCharsMax)),
    url: urlError(facts, speech),
    models: errors.models(formats.number(bounds.modelsMax), formats.number(bounds.modelCharsMax)),
    priority: errors.priority(formats.number(bounds.priorityMax)),
  };
  const wrong = Object.fromEntries(refusal.fields.map((field) => [field, sentences[field]] as const));
  return form.api_key === '' || wrong['api_key'] !== undefined ? wrong : { ...wrong, api_key: keyNotSentBack };
};

const fieldsOf = (facts: FormFacts, form: ChannelForm, speech: Speech<ChannelFormTexts>): ChannelFormView['fields'] => {
  const { texts } = speech;
  const errors = errorsOf(facts, form, speech);
  const field = (name: FormField, given: Omit<FieldView, 'name' | 'value'>): FieldView => {
    const error = errors[name];
    // A key is never sent back.
    return { name, value: name === 'api_key' ? '' : form[name], ...given, ...(error === undefined ? {} : { error }) };
  };
  const { stored } = facts;
  return {
    name: field('name', { label: texts.name, type: 'text', hint: texts.nameHint, isRequired: true, autocomplete: 'off' }),
    url: field('url', { label: texts.url, type: 'url', hint: texts.urlHint, isRequired: true, autocomplete: 'off', placeholder: 'https://api.anthropic.com' }),
    api_key: field('api_key', {
      label: texts.key,
      type: 'password',
      hint: stored === undefined ? texts.keyHint : texts.keyKept(stored.api_key),
      isRequired: stored === undefined,
      autocomplete: 'new-password',
      placeholder: stored?.api_key ?? 'sk-…',
    }),
    models: field('models', { label: texts.models, type: 'textarea', hint: texts.modelsHint, isRequired: true, rows: 6, placeholder: 'claude-sonnet-5-5\nclaude-opus-5-5' }),
    priority: field('priority', { label: texts.priority, type: 'number', hint: texts.priorityHint }),
  };
};

const theirsOf = (stored: StoredFacts, form: ChannelForm, { texts, formats }: Speech<ChannelFormTexts>): ChannelFormView['theirs'] => {
  const word = (isOn: boolean): string => (isOn ? texts.yes : texts.no);
  const all = [
    { label: texts.name, mine: form.name, value: stored.name },
    { label: texts.url, mine: form.url, value: stored.url },
    { label: texts.models, mine: modelsIn(form.models).join(', '), value: stored.models.join(', ') },
    { label: texts.priority, mine: formats.number(priorityIn(form.priority.trim(), 0)), value: formats.number(stored.priority) },
    { label: texts.enabled, mine: word(form.enabled), value: word(stored.enabled) },
    // Whether the key is another cannot be seen in its masked form alone, so it is always said.
    { label: texts.key, mine: '', value: stored.api_key },
  ];
  return all.filter(({ mine, value }) => mine !== value).map(({ label, value }) => ({ label, value }));
};

const problemOf = ({ refusal }: FormFacts, errors: number, { texts, formats }: Speech<ChannelFormTexts>): string | undefined => {
  switch (refusal?.kind) {
    case undefined:
      return undefined;
    case 'stale':
    case 'busy':
    case 'gone':
      return texts[refusal.kind];
    case 'invalid':
    case 'name-taken':
      return texts.invalid(errors, formats.number(errors));
  }
};

/** The form for a new channel, for a stored one, or as it comes back. */
export const channelFormView = (facts: FormFacts, speech: Speech<ChannelFormTexts>): ChannelFormView => {
  const { texts, formats } = speech;
  const { stored, refusal } = facts;
  const form = facts.form ?? (stored === undefined ? emptyForm : formOfStored(stored));
  const fields = fieldsOf(facts, form, speech);
  const models = modelsIn(form.models).length;
  const isStale = refusal?.kind === 'stale' && stored !== undefined;
  return {
    title: stored === undefined ? texts.addTitle : texts.editTitle(stored.name),
    texts,
    action: stored === undefined ? `${channelsPath}/new` : `${channelsPath}/${stored.id}/edit`,
    listPath: channelsPath,
    submit: stored === undefined ? texts.create : texts.save,
    problem: problemOf(facts, Object.values(fields).filter(({ error }) => error !== undefined).length, speech),
    theirs: isStale ? theirsOf(stored, form, speech) : [],
    fields,
    requestUrls: fields.url.error === undefined ? requestUrlsView(form.url, facts.urlFault, texts) : undefined,
    modelCount: texts.modelCount(models, formats.number(models)),
    isEnabled: form.enabled,
    // Whoever has read what changed may replace it: the form now belongs to the version that it was compared with.
    updatedAt: stored === undefined ? '' : String(isStale ? stored.updated_at : (versionIn(form.updated_at) ?? '')),
    keyPath: stored === undefined ? undefined : `/admin/channels/${stored.id}/key`,
  };
};
