import { ValidateBy, ValidateIf } from 'class-validator';

/** What is wrong with a field's value, as a sentence about what was expected; `undefined` when it is fine. */
export type FieldRule = (value: unknown) => string | undefined;

/** One rule and one sentence per field, so that an answer never says the same mistake in three ways. */
export const Obeys = (rule: FieldRule): PropertyDecorator =>
  ValidateBy({
    name: 'obeys',
    validator: {
      validate: (value) => rule(value) === undefined,
      defaultMessage: (given) => rule(given?.value) ?? '',
    },
  });

/** The field may be left out; `null` is not left out. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);

export const wholeNumberRule =
  (field: string, min: number, max: number): FieldRule =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? undefined
      : `${field} must be a whole number from ${min} to ${max}`;

export const booleanRule =
  (field: string): FieldRule =>
  (value) =>
    typeof value === 'boolean' ? undefined : `${field} must be true or false`;

/** Text whose length is counted as JavaScript does, and that contains nothing invisible. */
export const textRule =
  (field: string, charsMin: number, charsMax: number): FieldRule =>
  (value) =>
    typeof value === 'string' && value.length >= charsMin && value.length <= charsMax && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)
      ? undefined
      : `${field} must be text of ${charsMin} to ${charsMax} characters without control characters`;
