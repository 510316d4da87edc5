import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { textProblem, wholeNumberProblem } from './value-problems.js';

/** What is wrong with a field's value, as a sentence about what was expected; `undefined` when it is fine. */
export interface FieldRule {
  (value: unknown): string | undefined;
  /** What the API's description says of such a field. */
  readonly schema?: ApiPropertyOptions;
}

/** A rule together with what the API's description says of the fields that obey it. */
export const describedRule = (schema: ApiPropertyOptions, rule: (value: unknown) => string | undefined): FieldRule =>
  Object.assign((value: unknown) => rule(value), { schema });

/**
 * One rule and one sentence per field, so that an answer never says the same mistake in three ways. The rule's schema
 * describes the field.
 */
export const Obeys = (rule: FieldRule): PropertyDecorator =>
  applyDecorators(
    ...(rule.schema === undefined ? [] : [ApiProperty(rule.schema)]),
    ValidateBy({
      name: 'obeys',
      validator: {
        validate: (value) => rule(value) === undefined,
        defaultMessage: (given?: ValidationArguments) => rule(given?.value) ?? '',
      },
    }),
  );

/** The field may be left out; `null` is not left out. Stands above the rule: decorators are applied from below. */
export const MayBeAbsent = (): PropertyDecorator =>
  applyDecorators(ApiProperty({ required: false }), ValidateIf((_, value: unknown) => value !== undefined));

export const wholeNumberRule = (field: string, min: number, max: number): FieldRule =>
  describedRule({ type: 'integer', minimum: min, maximum: max }, wholeNumberProblem(field, min, max));

export const booleanRule = (field: string): FieldRule =>
  describedRule({ type: 'boolean' }, (value) => (typeof value === 'boolean' ? undefined : `${field} must be true or false`));

/** Text whose length is counted as JavaScript does, and that contains nothing invisible. */
export const textRule = (field: string, charsMin: number, charsMax: number): FieldRule =>
  describedRule({ type: 'string', minLength: charsMin, maxLength: charsMax }, textProblem(field, charsMin, charsMax));
