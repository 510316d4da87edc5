import { formValues } from '../shell/parse-form.js';

/** The form as it was filled in, field by field. */
export interface ChannelForm {
  readonly name: string;
  readonly url: string;
  /** Empty keeps the key that is stored. */
  readonly api_key: string;
  /** As typed: one a line, or separated by commas, or a JSON list. */
  readonly models: string;
  readonly priority: string;
  readonly enabled: boolean;
  /** The version that the form was filled from; empty for a new channel. */
  readonly updated_at: string;
}

export const channelFormOf = (body: unknown): ChannelForm => {
  const { enabled, ...texts } = formValues(body, ['name', 'url', 'api_key', 'models', 'priority', 'enabled', 'updated_at']);
  return { ...texts, name: texts.name.trim(), url: texts.url.trim(), api_key: texts.api_key.trim(), enabled: enabled === 'true' };
};

/** The whole number that the text spells, `whenEmpty` for none, NaN for anything else. */
export const priorityIn = (text: string, whenEmpty: number): number => {
  if (text === '') return whenEmpty;
  // Copied from pages that write a real minus.
  return /^[+−-]?\d{1,15}$/.test(text) ? Number(text.replace('−', '-')) + 0 : Number.NaN;
};

/** Names without duplicates, however a list of them was pasted: lines, commas, semicolons, tabs, JSON, bullets. */
export const modelsIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\r\n,;\t]+/)
      .map((part) => part.replace(/^[\s["'`•*-]+|[\s\]"'`]+$/g, ''))
      .filter((name) => name !== ''),
  ),
];

/** A version, unless a form was tampered with; then the change is made without a look at it. */
export const versionIn = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** What the form says, as the channels' service takes it. */
export interface ChannelEntry {
  readonly name: string;
  readonly api_key: string | undefined;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
}

/** `isNew`: then there is no key that an empty field could keep. */
export const entryOf = (form: ChannelForm, isNew: boolean): ChannelEntry => ({
  name: form.name,
  api_key: form.api_key === '' && !isNew ? undefined : form.api_key,
  url: form.url,
  models: modelsIn(form.models),
  priority: priorityIn(form.priority.trim(), 0),
  enabled: form.enabled,
});
