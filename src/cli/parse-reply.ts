/*
 * What the administration answers, as far as the command line reads it. The answers come from a gateway of any version, so
 * nothing is believed that was not looked at.
 */

/** A channel as `channels list` shows it. */
export interface ChannelRow {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly coolingMs: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** True for what `GET /` of a ccLoad answers. */
export const isGreeting = (text: string): boolean => fieldsOf(jsonOf(text))['name'] === 'ccload';

/** The two halves of an envelope; `data` of an answer that has none is the whole answer. */
export const parseEnvelope = (text: string): { readonly data: unknown; readonly error: string | undefined } => {
  const body = jsonOf(text);
  const fields = fieldsOf(body);
  const { error } = fields;
  return { data: 'data' in fields ? fields['data'] : body, error: typeof error === 'string' ? error : undefined };
};

export const parseChannel = (value: unknown): ChannelRow => {
  const fields = fieldsOf(value);
  const { models, cooldown_remaining_ms: remaining } = fields;
  return {
    id: numberOf(fields['id']),
    name: textOf(fields['name']),
    url: textOf(fields['url']),
    models: Array.isArray(models) ? models.map(textOf) : [],
    priority: numberOf(fields['priority']),
    enabled: fields['enabled'] === true,
    coolingMs: typeof remaining === 'number' ? remaining : undefined,
  };
};

export const parseChannels = (value: unknown): readonly ChannelRow[] => (Array.isArray(value) ? value.map(parseChannel) : []);

/** What a test of a channel says. */
export interface TestResult {
  readonly success: boolean;
  readonly statusCode: number;
  readonly durationMs: number;
  readonly responseText: string;
  readonly error: string;
}

export const parseTestResult = (value: unknown): TestResult => {
  const fields = fieldsOf(value);
  return {
    success: fields['success'] === true,
    statusCode: numberOf(fields['status_code']),
    durationMs: numberOf(fields['duration_ms']),
    responseText: textOf(fields['response_text']),
    error: textOf(fields['error']),
  };
};

/** What an import did. */
export interface ImportResult {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly errors: readonly string[];
}

export const parseImportResult = (value: unknown): ImportResult => {
  const fields = fieldsOf(value);
  const { errors } = fields;
  return {
    created: numberOf(fields['created']),
    updated: numberOf(fields['updated']),
    skipped: numberOf(fields['skipped']),
    errors: Array.isArray(errors) ? errors.map((error) => (typeof error === 'string' ? error : JSON.stringify(error))) : [],
  };
};
