import { Transform } from 'class-transformer';
import { MayBeAbsent, Obeys, wholeNumberRule } from '../http/field-rules.js';

const limitMax = 1000;
const offsetMax = 1_000_000_000;

const numberIfDigits = (value: unknown): unknown => {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  // A form sends what nobody filled in as empty text.
  return value === '' ? undefined : value;
};
const Digits = (): PropertyDecorator => Transform(({ value }: { readonly value: unknown }) => numberIfDigits(value));

/** Query of `GET /admin/audit`. */
export class AuditQueryDto {
  @Digits() @MayBeAbsent() @Obeys(wholeNumberRule('limit', 1, limitMax)) readonly limit?: number;
  @Digits() @MayBeAbsent() @Obeys(wholeNumberRule('offset', 0, offsetMax)) readonly offset?: number;
}
