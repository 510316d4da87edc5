import { openBracket, openBrace, quote, skipSpace } from './json-bytes.js';
import { JsonMembers, valueAt } from './json-members.js';

/** What the beginning of a JSON body gives away: a normal answer; perhaps an error, to be read in full; nothing yet. */
export type BodySign = 'answer' | 'suspect' | undefined;

const shortBytesMax = 64;
const goodStatus: ReadonlySet<string | undefined> = new Set(['completed', 'incomplete', 'in_progress', 'queued']);
/** Lists (and texts) that hold what was asked for. An empty one proves nothing. */
const yields: readonly string[] = ['choices', 'content', 'output', 'data', 'results', 'text'];

const letterF = 0x66;
const letterN = 0x6e;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** True for a list or text with something in it, as soon as its first element shows. */
const holdsSomething = (bytes: Buffer, start: number): boolean => {
  if (bytes[start] === quote) return start + 1 < bytes.length && bytes[start + 1] !== quote;
  if (bytes[start] !== openBracket) return false;
  const first = bytes[skipSpace(bytes, start + 1)];
  return first === openBrace || first === quote || first === openBracket || isDigit(first);
};

const signOfMember = (bytes: Buffer, members: JsonMembers): BodySign => {
  const first = bytes[members.valueStart];
  // A Response that went well says "error": null.
  if (members.keyIs('error')) return first === letterN || first === letterF ? undefined : 'suspect';
  if (members.keyIs('type')) {
    const type = members.stringValue(shortBytesMax);
    return type === 'message' ? 'answer' : type === 'error' ? 'suspect' : undefined;
  }
  if (members.keyIs('status')) {
    const status = members.stringValue(shortBytesMax);
    return goodStatus.has(status) ? 'answer' : status === 'failed' ? 'suspect' : undefined;
  }
  if (members.keyIs('input_tokens')) return isDigit(first) ? 'answer' : undefined;
  return yields.some((key) => members.keyIs(key)) && holdsSomething(bytes, members.valueStart) ? 'answer' : undefined;
};

/** Reads the top level of an object that may still be incomplete; the first key that gives something away decides. */
export const signOf = (bytes: Buffer, start: number): BodySign => {
  const members = new JsonMembers(bytes, start);
  while (members.next()) {
    const sign = signOfMember(bytes, members);
    if (sign !== undefined) return sign;
  }
  return undefined;
};

/** A suspect that is too long to be read in full, reduced to the members that say what it is. */
export const suspectExcerpt = (bytes: Buffer, start: number): unknown => {
  const error = valueAt(bytes, start, ['error']);
  if (error === undefined) return { type: 'error' };
  const [type, object, status] = ['type', 'object', 'status'].map((key) => valueAt(bytes, start, [key]));
  return { type, object, status, error };
};
