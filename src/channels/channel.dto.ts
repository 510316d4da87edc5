import { Transform } from 'class-transformer';
import { Allow, ValidateIf } from 'class-validator';
import { channelUrlProblem } from '../domain/endpoint.js';
import { booleanRule, MayBeAbsent, Obeys, textRule, wholeNumberRule, type FieldRule } from '../http/field-rules.js';
import { isMasked } from './masked-key.js';

const nameCharsMax = 191;
const keyCharsMax = 4096;
const urlCharsMax = 2048;
const modelsMax = 500;
const modelCharsMax = 256;
const priorityMax = 1_000_000;

const nameRule = textRule('name', 1, nameCharsMax);
const priorityRule = wholeNumberRule('priority', -priorityMax, priorityMax);
const modelRule = textRule('model', 1, modelCharsMax);

const keyRule: FieldRule = (value) =>
  typeof value === 'string' && value.length <= keyCharsMax && /^[\x21-\x7e]+$/.test(value)
    ? undefined
    : `api_key must be 1 to ${keyCharsMax} visible ASCII characters without spaces`;

const newKeyRule: FieldRule = (value) =>
  typeof value === 'string' && isMasked(value) ? 'api_key must be the key itself, not its masked form' : keyRule(value);

const urlRule: FieldRule = (value) => {
  if (typeof value !== 'string' || value.length > urlCharsMax) return `url must be text of at most ${urlCharsMax} characters`;
  return /[\s\p{Cc}]/u.test(value) ? 'url must not contain spaces or control characters' : channelUrlProblem(value);
};

const modelsRule: FieldRule = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= modelsMax &&
  value.every((model) => modelRule(model) === undefined)
    ? undefined
    : `models must be a list of 1 to ${modelsMax} names, each of 1 to ${modelCharsMax} characters without control characters`;

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);
const Trimmed = (): PropertyDecorator => Transform(({ value }: { readonly value: unknown }) => trimmed(value));
const DistinctAndTrimmed = (): PropertyDecorator =>
  Transform(({ value }: { readonly value: unknown }) => (Array.isArray(value) ? [...new Set(value.map(trimmed))] : value));

/** Body of `POST /admin/channels`. */
export class CreateChannelDto {
  @Trimmed() @Obeys(nameRule) readonly name!: string;
  @Trimmed() @Obeys(newKeyRule) readonly api_key!: string;
  @Trimmed() @Obeys(urlRule) readonly url!: string;
  @DistinctAndTrimmed() @Obeys(modelsRule) readonly models!: readonly string[];
  @MayBeAbsent() @Obeys(priorityRule) readonly priority?: number;
  @MayBeAbsent() @Obeys(booleanRule('enabled')) readonly enabled?: boolean;
}

/** With `enabled` alone the body is a switch; with anything else, or with nothing, it has to be the whole channel. */
const UnlessOnlySwitching = (): PropertyDecorator =>
  ValidateIf(
    ({ name, api_key, url, models, priority, enabled }: UpdateChannelDto) =>
      enabled === undefined || [name, api_key, url, models, priority].some((field) => field !== undefined),
  );

/** Body of `PUT /admin/channels/:id`. What `GET` shows besides may come back and is not looked at. */
export class UpdateChannelDto {
  @UnlessOnlySwitching() @Trimmed() @Obeys(nameRule) readonly name?: string;
  @MayBeAbsent() @Trimmed() @Obeys(keyRule) readonly api_key?: string;
  @UnlessOnlySwitching() @Trimmed() @Obeys(urlRule) readonly url?: string;
  @UnlessOnlySwitching() @DistinctAndTrimmed() @Obeys(modelsRule) readonly models?: readonly string[];
  @MayBeAbsent() @Obeys(priorityRule) readonly priority?: number;
  @MayBeAbsent() @Obeys(booleanRule('enabled')) readonly enabled?: boolean;
  @Allow() readonly id?: unknown;
  @Allow() readonly created_at?: unknown;
  @Allow() readonly updated_at?: unknown;
  @Allow() readonly cooldown_until?: unknown;
  @Allow() readonly cooldown_remaining_ms?: unknown;
}
