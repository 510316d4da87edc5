import type { Outcome } from '../domain/outcome.js';
import { secretPlaces } from '../domain/secret-places.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { AttemptResult } from './attempt-terms.js';
import { decodeWhole } from './content-decoder.js';
import type { RawHeaders } from './headers.js';
import type { HeldAnswer } from './held-answer.js';

/** Shorter keys are placeholders such as "none" or "ollama", and may stand in any answer. */
const keyCharsMin = 12;

/** Decoded bytes of a refusal that are searched: a search of so many takes a tenth of a second at worst. */
const searchedBytesMax = 256 * 1024;

const repeats = (text: string, key: string): boolean => secretPlaces(text, key).length > 0;

/** A name may also be a piece of the key, cut to a name's length. */
const nameOf = (name: string | undefined, key: string): string | undefined =>
  name !== undefined && (repeats(name, key) || (name.length >= keyCharsMin && key.includes(name))) ? undefined : name;

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

/** All its content codings, as one value; an upstream may name them in several lines. */
const codingOf = (headers: RawHeaders): string => headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === 'content-encoding').join();

/** What cannot be read whole may hold anything. */
const mayTellKey = ({ statusMessage, headers, body }: HeldAnswer, key: string): boolean => {
  const decoded = decodeWhole(codingOf(headers), body, searchedBytesMax);
  if (decoded === undefined) return true;
  // Bytes behind the end of what is encoded would not be decoded; and UTF-16 has a zero beside each letter of a key.
  const texts = decoded.equals(body) ? [decoded] : [decoded, body];
  return repeats([statusMessage, ...headers, ...texts.map((bytes) => bytes.toString('utf8').replaceAll('\0', ''))].join('\n'), key);
};

/**
 * The result of an attempt without what repeats the channel's key, in whatever form: its names are for the log, and an
 * answer that was held back would hand the operator's key to the client, who is told in our own words instead. So it is when
 * the answer cannot be read. For failures only; an answer that is relayed is relayed as it is.
 */
export const withoutKeyEcho = (result: AttemptResult, key: string): AttemptResult => {
  if (key.length < keyCharsMin) return result;
  const { held } = result;
  return { ...result, outcome: judgedWithout(result.outcome, key), held: held !== undefined && mayTellKey(held, key) ? undefined : held };
};
