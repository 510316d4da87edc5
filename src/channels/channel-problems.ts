import { channelUrlProblem } from '../domain/endpoint.js';
import { textProblem, wholeNumberProblem, type Problem } from '../http/value-problems.js';
import { isMasked } from './masked-key.js';

/** What an operator enters, by the API's names. */
export interface ChannelValues {
  readonly name: string;
  /** `undefined` keeps the key that is stored. */
  readonly api_key: string | undefined;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
}

/*
 * What may be in a channel, said once for JSON, forms and CSV files. Each answers with a sentence about what was expected,
 * or `undefined`. Values are trimmed before they get here.
 */

export const channelBounds = {
  nameCharsMax: 191,
  keyCharsMax: 4096,
  urlCharsMax: 2048,
  modelsMax: 500,
  modelCharsMax: 256,
  priorityMax: 1_000_000,
} as const;

const { nameCharsMax, keyCharsMax, urlCharsMax, modelsMax, modelCharsMax, priorityMax } = channelBounds;

export const nameProblem = textProblem('name', 1, nameCharsMax);
export const modelProblem = textProblem('model', 1, modelCharsMax);
export const priorityProblem = wholeNumberProblem('priority', -priorityMax, priorityMax);

export const keyProblem = (value: unknown): Problem =>
  typeof value === 'string' && value.length <= keyCharsMax && /^[\x21-\x7e]+$/.test(value)
    ? undefined
    : `api_key must be 1 to ${keyCharsMax} visible ASCII characters without spaces`;

/** A new channel has no stored key that its masked form could stand for. */
export const newKeyProblem = (value: unknown): Problem =>
  typeof value === 'string' && isMasked(value) ? 'api_key must be the key itself, not its masked form' : keyProblem(value);

export const urlProblem = (value: unknown): Problem => {
  if (typeof value !== 'string' || value.length > urlCharsMax) return `url must be text of at most ${urlCharsMax} characters`;
  return /[\s\p{Cc}]/u.test(value) ? 'url must not contain spaces or control characters' : channelUrlProblem(value);
};

export const modelsProblem = (value: unknown): Problem =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= modelsMax &&
  value.every((model) => modelProblem(model) === undefined)
    ? undefined
    : `models must be a list of 1 to ${modelsMax} names, each of 1 to ${modelCharsMax} characters without control characters`;

/** The fields that cannot be stored as they are, for those who say it in words of their own. */
export const faultyFields = ({ name, api_key, url, models, priority }: ChannelValues): readonly (keyof ChannelValues)[] => {
  const problems: Readonly<Record<keyof ChannelValues, Problem>> = {
    name: nameProblem(name),
    api_key: api_key === undefined ? undefined : newKeyProblem(api_key),
    url: urlProblem(url),
    models: modelsProblem(models),
    priority: priorityProblem(priority),
  };
  const fields = ['name', 'api_key', 'url', 'models', 'priority'] as const;
  return fields.filter((field) => problems[field] !== undefined);
};
