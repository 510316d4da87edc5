/*
 * What is wrong with a value from outside, as a sentence about what was expected; `undefined` when it is fine. Without any
 * framework, because the database thread reads CSV files by the same rules as forms and JSON are read here.
 */

export type Problem = string | undefined;

export const wholeNumberProblem = (field: string, min: number, max: number): ((value: unknown) => Problem) =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? undefined
      : `${field} must be a whole number from ${min} to ${max}`;

/** Text whose length is counted as JavaScript does, and that contains nothing invisible. */
export const textProblem = (field: string, charsMin: number, charsMax: number): ((value: unknown) => Problem) =>
  (value) =>
    typeof value === 'string' && value.length >= charsMin && value.length <= charsMax && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)
      ? undefined
      : `${field} must be text of ${charsMin} to ${charsMax} characters without control characters`;
