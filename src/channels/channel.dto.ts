import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow, ValidateIf } from 'class-validator';
import { booleanRule, describedRule, MayBeAbsent, Obeys, textRule, wholeNumberRule, type FieldRule } from '../http/field-rules.js';
import { channelBounds, keyProblem, modelsProblem, newKeyProblem, urlProblem } from './channel-problems.js';

const { nameCharsMax, keyCharsMax, urlCharsMax, modelsMax, modelCharsMax, priorityMax } = channelBounds;

const nameRule = textRule('name', 1, nameCharsMax);
const priorityRule = wholeNumberRule('priority', -priorityMax, priorityMax);

const updatedAtRule = wholeNumberRule('updated_at', 0, Number.MAX_SAFE_INTEGER);

const keySchema: ApiPropertyOptions = { type: 'string', minLength: 1, maxLength: keyCharsMax, pattern: '^\\s*[\\x21-\\x7e]+\\s*$' };

const keyRule: FieldRule = describedRule(keySchema, keyProblem);
const newKeyRule: FieldRule = describedRule(keySchema, newKeyProblem);
const urlRule: FieldRule = describedRule({ type: 'string', format: 'uri', maxLength: urlCharsMax }, urlProblem);

const modelsSchema: ApiPropertyOptions = {
  type: 'array',
  minItems: 1,
  maxItems: modelsMax,
  items: { type: 'string', minLength: 1, maxLength: modelCharsMax },
};

const modelsRule: FieldRule = describedRule(modelsSchema, modelsProblem);

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

type ChannelFieldName = 'name' | 'api_key' | 'url' | 'models' | 'priority' | 'enabled';

/** The same, by whoever has checked it. */
export type NewChannel = Pick<CreateChannelDto, ChannelFieldName>;

/** With `enabled` alone the body is a switch; with anything else, or with nothing, it has to be the whole channel. */
const UnlessOnlySwitching = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ required: false }),
    ValidateIf(
      ({ name, api_key, url, models, priority, enabled }: UpdateChannelDto) =>
        enabled === undefined || [name, api_key, url, models, priority].some((field) => field !== undefined),
    ),
  );

/** What `GET` shows may come back as it is. */
const ShownBack = (): PropertyDecorator =>
  applyDecorators(ApiProperty({ type: 'integer', required: false, description: 'May come back as `GET` shows it' }), Allow());

/** Body of `PUT /admin/channels/:id`. What `GET` shows besides may come back and is not looked at. */
export class UpdateChannelDto {
  @UnlessOnlySwitching() @Trimmed() @Obeys(nameRule) readonly name?: string;
  @MayBeAbsent() @Trimmed() @Obeys(keyRule) readonly api_key?: string;
  @UnlessOnlySwitching() @Trimmed() @Obeys(urlRule) readonly url?: string;
  @UnlessOnlySwitching() @DistinctAndTrimmed() @Obeys(modelsRule) readonly models?: readonly string[];
  @MayBeAbsent() @Obeys(priorityRule) readonly priority?: number;
  @MayBeAbsent() @Obeys(booleanRule('enabled')) readonly enabled?: boolean;
  @ShownBack() readonly id?: unknown;
  @ShownBack() readonly created_at?: unknown;
  /** The one that was shown: the change is refused when somebody else was faster. */
  @MayBeAbsent() @Obeys(updatedAtRule) readonly updated_at?: number;
  @ShownBack() readonly cooldown_until?: unknown;
  @ShownBack() readonly cooldown_remaining_ms?: unknown;
}

/** What changes, by whoever has checked it; a field that is absent stays as it is. */
export type ChannelUpdate = Pick<UpdateChannelDto, ChannelFieldName | 'updated_at'>;
