import { endOfContainer } from './container-end.js';
import {
  backslash,
  closeBrace,
  colon,
  comma,
  endOfScalar,
  endOfString,
  isPlain,
  isScalar,
  openBrace,
  openBracket,
  parseSlice,
  quote,
  skipSpace,
  standsAt,
} from './json-bytes.js';

/** Longest key, in raw bytes, that is compared at all: every key we look for, written wholly in `\u` escapes, is shorter. */
const keyBytesMax = 128;

/** `open`: more may follow; `closed`: the object ended properly; `cut`: the bytes ended first; `broken`: it is not JSON. */
export type MembersState = 'open' | 'closed' | 'cut' | 'broken';

/**
 * Walks the members of the object at `start`, in order. The current value is skipped, and thereby checked, only when the
 * walk goes on, so that a key can be acted upon before its value has arrived.
 */
export class JsonMembers {
  /** Between the quotes of the current key. */
  keyStart = 0;
  keyEnd = 0;
  /** First byte of the current value. */
  valueStart = 0;
  state: MembersState = 'open';
  /** Where the walk stands: behind the closing brace once `closed`, at the offending byte when `broken`. */
  at: number;
  /** What should have stood at `at`; only when `broken`. */
  expected = '';
  readonly #bytes: Buffer;
  #valueEnd = 0;
  #started = false;
  #escapedKey: string | undefined;

  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes;
    this.at = skipSpace(bytes, start);
  }

  /** Moves to the next member. False when there is none; `state` then says why. */
  next(): boolean {
    if (this.state !== 'open') return false;
    if (!this.#started) return this.#begin();
    const end = this.valueEnd();
    if (end === -1) return false;
    this.at = skipSpace(this.#bytes, end);
    const byte = this.#bytes[this.at];
    if (byte === closeBrace) return this.#close();
    if (byte !== comma) return this.#stop('a comma or the closing brace');
    this.at = skipSpace(this.#bytes, this.at + 1);
    return this.#member();
  }

  /** Index after the current value; -1 when it is cut or broken, as `state` then says. */
  valueEnd(): number {
    if (this.#valueEnd === 0) this.#valueEnd = this.#endOfValue(this.valueStart);
    return this.#valueEnd;
  }

  /** Whether the current key is `name` (ASCII), also when it is written with escapes. */
  keyIs(name: string): boolean {
    if (this.#escapedKey !== undefined) return this.#escapedKey === name;
    return this.keyEnd - this.keyStart === name.length && standsAt(this.#bytes, this.keyStart, name);
  }

  /** The current value as a string of at most `bytesMax` raw bytes; `undefined` when it is none or longer or unreadable. */
  stringValue(bytesMax: number): string | undefined {
    const end = this.valueEnd();
    if (end === -1 || this.#bytes[this.valueStart] !== quote || end - this.valueStart - 2 > bytesMax) return undefined;
    if (isPlain(this.#bytes, this.valueStart + 1, end - 1)) return this.#bytes.toString('latin1', this.valueStart + 1, end - 1);
    const value = parseSlice(this.#bytes, this.valueStart, end);
    return typeof value === 'string' ? value : undefined;
  }

  #begin(): boolean {
    this.#started = true;
    if (this.#bytes[this.at] !== openBrace) return this.#stop('an object');
    this.at = skipSpace(this.#bytes, this.at + 1);
    return this.#bytes[this.at] === closeBrace ? this.#close() : this.#member();
  }

  #member(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.at] !== quote) return this.#stop('a key in double quotes');
    this.keyStart = this.at + 1;
    const keyEnd = endOfString(bytes, this.keyStart);
    if (keyEnd === -1) return this.#cut();
    this.keyEnd = keyEnd;
    if (!this.#decodeKey()) return this.#stop('a readable key');
    this.at = skipSpace(bytes, keyEnd + 1);
    if (bytes[this.at] !== colon) return this.#stop('a colon');
    this.at = this.valueStart = skipSpace(bytes, this.at + 1);
    this.#valueEnd = 0;
    return this.at < bytes.length ? true : this.#cut();
  }

  #decodeKey(): boolean {
    this.#escapedKey = undefined;
    if (this.keyEnd - this.keyStart > keyBytesMax) return true;
    for (let index = this.keyStart; index < this.keyEnd; index++) {
      const byte = this.#bytes[index];
      if (byte !== undefined && byte >= 0x20 && byte !== backslash) continue;
      const key = parseSlice(this.#bytes, this.keyStart - 1, this.keyEnd + 1);
      if (typeof key !== 'string') return false;
      this.#escapedKey = key;
      return true;
    }
    return true;
  }

  #endOfValue(start: number): number {
    const bytes = this.#bytes;
    const first = bytes[start];
    if (first === quote) {
      const end = endOfString(bytes, start + 1);
      return end === -1 ? this.#cutValue() : end + 1;
    }
    if (first === openBrace || first === openBracket) {
      const end = endOfContainer(bytes, start);
      if (end === -1) return this.#cutValue();
      // A brace closes with a code two above its own, and so does a bracket.
      return bytes[end - 1] === first + 2 ? end : this.#brokenValue(end - 1, 'the other closing bracket');
    }
    const end = endOfScalar(bytes, start);
    if (end === bytes.length) return this.#cutValue();
    return isScalar(bytes.toString('latin1', start, end)) ? end : this.#brokenValue(start, 'a value');
  }

  #close(): boolean {
    this.state = 'closed';
    this.at++;
    return false;
  }

  #cut(): boolean {
    this.state = 'cut';
    this.at = this.#bytes.length;
    return false;
  }

  #stop(expected: string): boolean {
    if (this.at >= this.#bytes.length) return this.#cut();
    this.state = 'broken';
    this.expected = expected;
    return false;
  }

  #cutValue(): number {
    this.#cut();
    return -1;
  }

  #brokenValue(at: number, expected: string): number {
    this.at = at;
    this.#stop(expected);
    return -1;
  }
}

/** The value found by following `path` from the object at `start`; only that value is built. The last duplicate wins. */
export const valueAt = (bytes: Buffer, start: number, path: readonly string[]): unknown => {
  let from = start;
  let end = -1;
  for (const key of path) {
    const members = new JsonMembers(bytes, from);
    end = -1;
    while (members.next()) {
      if (!members.keyIs(key)) continue;
      from = members.valueStart;
      end = members.valueEnd();
    }
    if (end === -1) return undefined;
  }
  return end === -1 ? undefined : parseSlice(bytes, from, end);
};

/** Nothing but white space may follow an object that is the whole. */
const endsTheBytes = (bytes: Buffer, { state, at }: JsonMembers): boolean => state === 'closed' && skipSpace(bytes, at) === bytes.length;

/** True when the bytes are one JSON object, whole at its top level, with nothing but white space around it. */
export const isWholeObject = (bytes: Buffer): boolean => {
  const members = new JsonMembers(bytes);
  while (members.next());
  return endsTheBytes(bytes, members);
};

/** What one walk over an object finds. */
export interface ObjectSurvey {
  /** As `isWholeObject`. */
  readonly isWhole: boolean;
  /** The value of the member asked for, the last one of that name; `undefined` when there is none or it cannot be read. */
  readonly value: unknown;
}

/** Looks at the top level of a body once: is it whole, and what does its member `key` say? */
export const surveyObject = (bytes: Buffer, key: string): ObjectSurvey => {
  const members = new JsonMembers(bytes);
  let start = -1;
  let end = -1;
  while (members.next()) {
    if (!members.keyIs(key)) continue;
    start = members.valueStart;
    end = members.valueEnd();
  }
  return { isWhole: endsTheBytes(bytes, members), value: end === -1 ? undefined : parseSlice(bytes, start, end) };
};
