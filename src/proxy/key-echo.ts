import type { Outcome } from '../domain/outcome.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { AttemptResult } from './attempt-terms.js';
import { decodeText } from './content-decoder.js';
import { firstValue } from './headers.js';
import { refusalBytesMax, type HeldAnswer } from './held-answer.js';

/** Shorter keys are placeholders such as "none" or "ollama", and may stand in any answer. */
const keyCharsMin = 12;

const repeats = (text: string | undefined, key: string): boolean => text?.includes(key) === true;

/** A name may also be a piece of the key, cut to a name's length. */
const nameOf = (name: string | undefined, key: string): string | undefined =>
  name !== undefined && (name.includes(key) || (name.length >= keyCharsMin && key.includes(name))) ? undefined : name;

const withoutKey = (error: UpstreamError, key: string): UpstreamError => ({
  ...error,
  type: nameOf(error.type, key),
  code: nameOf(error.code, key),
});

const judgedWithout = (outcome: Outcome, key: string): Outcome => {
  if (outcome.kind === 'disguised') return { ...outcome, error: withoutKey(outcome.error, key) };
  if (outcome.kind !== 'refused' || outcome.refusal.error === undefined) return outcome;
  return { ...outcome, refusal: { ...outcome.refusal, error: withoutKey(outcome.refusal.error, key) } };
};

const tellsKey = ({ statusMessage, headers, body }: HeldAnswer, key: string): boolean =>
  repeats(statusMessage, key) ||
  headers.some((part) => repeats(part, key)) ||
  repeats(decodeText(firstValue(headers, 'content-encoding'), body, refusalBytesMax), key);

/**
 * The result of an attempt without what repeats the channel's key: its names are for the log, and an answer that was held
 * back would hand the operator's key to the client, who is told in our own words instead. For failures only; an answer
 * that is relayed is relayed as it is.
 */
export const withoutKeyEcho = (result: AttemptResult, key: string): AttemptResult => {
  if (key.length < keyCharsMin) return result;
  const { held } = result;
  return { ...result, outcome: judgedWithout(result.outcome, key), held: held !== undefined && tellsKey(held, key) ? undefined : held };
};
