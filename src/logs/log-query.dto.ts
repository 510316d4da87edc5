import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { describedRule, MayBeAbsent, Obeys, textRule, wholeNumberRule, type FieldRule } from '../http/field-rules.js';
import { absentIfEmpty, Digits, numberIfDigits } from '../http/query-values.js';
import { logHoursMax, logPageRowsMax, type LogFilter, type StatusFilter } from './log-filter.js';
import { hourMs, type EpochMs } from '../domain/time.js';

const hoursDefault = 24;
const limitDefault = 200;
const offsetMax = 1_000_000_000;
const textCharsMax = 256;

const statusIfKnown = (value: unknown): unknown => (typeof value === 'string' ? numberIfDigits(value.toLowerCase()) : value);

const Filled = (): PropertyDecorator => Transform(({ value }: { readonly value: unknown }) => absentIfEmpty(value));
const Status = (): PropertyDecorator => Transform(({ value }: { readonly value: unknown }) => statusIfKnown(value));

const code = wholeNumberRule('status', 100, 599);
const statusSchema: ApiPropertyOptions = { type: 'string', pattern: '^(2xx|4xx|5xx|[1-5][0-9]{2})$' };
const statusRule: FieldRule = describedRule(statusSchema, (value) =>
  value === '2xx' || value === '4xx' || value === '5xx' || code(value) === undefined
    ? undefined
    : 'status must be 2xx, 4xx, 5xx or a code from 100 to 599',
);

const text = (field: string): PropertyDecorator => Obeys(textRule(field, 1, textCharsMax));
const number = (field: string, min: number, max: number): PropertyDecorator => Obeys(wholeNumberRule(field, min, max));

/** Query of `GET /admin/logs`. */
export class LogQueryDto {
  @Digits() @MayBeAbsent() @number('hours', 1, logHoursMax) readonly hours?: number;
  @Digits() @MayBeAbsent() @number('limit', 1, logPageRowsMax) readonly limit?: number;
  @Digits() @MayBeAbsent() @number('offset', 0, offsetMax) readonly offset?: number;
  @Digits() @MayBeAbsent() @number('channel_id', 0, Number.MAX_SAFE_INTEGER) readonly channel_id?: number;
  @Filled() @MayBeAbsent() @text('channel_name') readonly channel_name?: string;
  @Filled() @MayBeAbsent() @text('channel_name_like') readonly channel_name_like?: string;
  @Filled() @MayBeAbsent() @text('model') readonly model?: string;
  @Filled() @MayBeAbsent() @text('model_like') readonly model_like?: string;
  @Status() @MayBeAbsent() @Obeys(statusRule) readonly status?: StatusFilter;
  @Filled() @MayBeAbsent() @text('request_id') readonly request_id?: string;
}

/** What a query asks the table for, with the defaults of what it leaves out. */
export const logFilterOf = (query: Readonly<LogQueryDto>, now: EpochMs): LogFilter => ({
  since: now - (query.hours ?? hoursDefault) * hourMs,
  limit: query.limit ?? limitDefault,
  offset: query.offset ?? 0,
  channelId: query.channel_id,
  channelName: query.channel_name,
  channelNameLike: query.channel_name_like,
  model: query.model,
  modelLike: query.model_like,
  status: query.status,
  requestId: query.request_id,
});
