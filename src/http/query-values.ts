import { Transform } from 'class-transformer';

/** A form sends what nobody filled in as empty text; that asks for nothing. */
export const absentIfEmpty = (value: unknown): unknown => (value === '' ? undefined : value);
/** Digits as the number they spell; all else as it came, save what is empty. */
export const numberIfDigits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : absentIfEmpty(value);

/** A query's value is text: digits, and nothing else than digits, become the number they spell. */
export const Digits = (): PropertyDecorator => Transform(({ value }: { readonly value: unknown }) => numberIfDigits(value));
