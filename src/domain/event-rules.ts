import { EventNames } from './event-names.js';
import { endOfString, parseSlice, standsAt } from './json-bytes.js';
import { isWholeObject, JsonMembers } from './json-members.js';
import type { EpochMs } from './time.js';
import { readUpstreamError, type UpstreamError } from './upstream-error.js';
import type { Usage } from './usage.js';

/**
 * `heartbeat`: the connection lives, and that is all; `announcement`: the answer begins but carries nothing yet, so another
 * channel may still take over; `content`: worth committing to.
 */
export type EventMeaning = 'heartbeat' | 'announcement' | 'content' | 'error';

/** How one dialect tells its events apart. One object per stream: it remembers usage and whether the end came. */
export interface EventRules {
  /** `data` may be only the first bytes of an event that was too long to keep. Delta events are never parsed. */
  meaningOf(name: string, data: Buffer): EventMeaning;
  /** The last error that `meaningOf` found. */
  readonly error: UpstreamError | undefined;
  readonly usage: Usage | undefined;
  /** The event came that says nothing will follow. */
  readonly isOver: boolean;
  /** No closing event is known for this stream, so that a clean end has to do. */
  readonly mayEndSilently: boolean;
}

/** `object`: what every dialect sends; `end-mark`: `[DONE]`; `other`: JSON or nothing, without meaning. */
export type DataShape = 'object' | 'end-mark' | 'other' | 'unparsable';

const endMark = '[DONE]';
const typeOpening = '{"type":"';
const typeBytesMax = 64;

export const isEndMark = (data: Buffer): boolean => data.length === endMark.length && standsAt(data, 0, endMark);

/** Checks the top level only, without building it. */
export const shapeOf = (data: Buffer): DataShape => {
  if (isWholeObject(data)) return 'object';
  if (isEndMark(data)) return 'end-mark';
  if (data.length === 0) return 'other';
  return parseSlice(data, 0, data.length) === undefined ? 'unparsable' : 'other';
};

/** Finds out what kind of event it is, by its name, or for relays that drop the `event:` line by its data. */
export class EventTypes {
  readonly #names = new EventNames();

  /** '' when neither tells. `message` is what the standard calls an event without a name. */
  typeOf(name: string, data: Buffer): string {
    return name !== '' && name !== 'message' ? name : this.#typeIn(data);
  }

  #typeIn(data: Buffer): string {
    const start = typeOpening.length;
    if (standsAt(data, 0, typeOpening)) {
      const end = endOfString(data, start);
      if (end !== -1 && end - start <= typeBytesMax) return this.#names.read(data, start, end);
    }
    const members = new JsonMembers(data);
    while (members.next()) {
      if (members.keyIs('type')) return members.stringValue(typeBytesMax) ?? '';
    }
    return '';
  }
}

/** An event that calls itself an error but says nothing that can be read. */
const speechlessError: UpstreamError = { status: 500, type: undefined, code: undefined, text: '', hintMs: undefined };

/** The tail of `"error"`: a search for a quote would stop at every string, and this one takes 0.1 µs a chunk instead of 0.3. */
const errorKeyTail = Buffer.from('rror"');

/** The error in an event whose name says that it is one. */
export const namedError = (data: Buffer, now: EpochMs): UpstreamError => {
  const payload = parseSlice(data, 0, data.length);
  // Some relays leave out the type inside, or the object around the message.
  const known = readUpstreamError(payload, undefined, now) ?? readUpstreamError({ error: payload }, undefined, now);
  return known ?? speechlessError;
};

/**
 * The error in an event that does not say what it is. Quotes inside strings are escaped, so the bytes `"error"` occur only
 * where a key or a whole value reads so; nothing is parsed without them.
 */
export const unnamedError = (data: Buffer, now: EpochMs): UpstreamError | undefined =>
  data.includes(errorKeyTail) ? readUpstreamError(parseSlice(data, 0, data.length), undefined, now) : undefined;

/** What the dialects whose events name their type have in common; each says what its types mean. */
export abstract class TypedEvents implements EventRules {
  error: UpstreamError | undefined;
  usage: Usage | undefined;
  isOver = false;
  readonly mayEndSilently = false;
  readonly #now: EpochMs;
  readonly #types = new EventTypes();

  constructor(now: EpochMs) {
    this.#now = now;
  }

  meaningOf(name: string, data: Buffer): EventMeaning {
    return this.isOver ? 'announcement' : this.meaningOfType(this.#types.typeOf(name, data), data);
  }

  protected abstract meaningOfType(type: string, data: Buffer): EventMeaning;

  protected failed(data: Buffer): EventMeaning {
    this.error = namedError(data, this.#now);
    return 'error';
  }

  /** An event without a type, or with a strange one: often the bare error of a relay. */
  protected unknown(data: Buffer): EventMeaning {
    const error = unnamedError(data, this.#now);
    if (error === undefined) return isEndMark(data) ? 'announcement' : 'content';
    this.error = error;
    return 'error';
  }
}
