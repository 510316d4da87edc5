import { endByBlocks } from './container-scan.js';
import { closeBrace, closeBracket, endOfString, openBrace, openBracket, quote, undecided } from './json-bytes.js';

/**
 * Strings, and bytes outside strings, that are walked over one by one before the rest is scanned in blocks. A small
 * container ends before that, and so does a large one that is all long strings: `indexOf` is the faster way through those.
 * With 16 steps a body of 2.3 KB took 1.4 µs instead of 0.8.
 */
export const plainStepsMax = 48;
/** A string with more quotes than these in it is left to the blocks: every quote costs an `indexOf`. */
export const plainQuotesMax = 4;

/**
 * Index after the bracket that closes the outermost of `depth` open ones, by count alone, whatever the bytes; -1 when they
 * end before it. `from` lies outside strings; with a `depth` of 0 a bracket opens there.
 */
export const endByBytes = (bytes: Buffer, from: number, depth: number): number => {
  let openBrackets = depth;
  for (let index = from; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === quote) {
      index = endOfString(bytes, index + 1);
      if (index === -1) return -1;
    } else if (byte === openBrace || byte === openBracket) openBrackets++;
    else if ((byte === closeBrace || byte === closeBracket) && --openBrackets === 0) return index + 1;
  }
  return -1;
};

/** Index after the bracket that closes the one at `at`, by count alone; -1 when the bytes end before it. */
export const endOfContainer = (bytes: Buffer, at: number): number => {
  let depth = 0;
  let index = at;
  for (let step = 0; step < plainStepsMax; step++, index++) {
    const byte = bytes[index];
    if (byte === quote) {
      const end = endOfString(bytes, index + 1, plainQuotesMax);
      if (end === -1) return -1;
      if (end === undecided) break;
      index = end;
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return index + 1;
    else if (byte === undefined) return -1;
  }
  const end = endByBlocks(bytes, index, depth);
  return end === undecided ? endByBytes(bytes, index, depth) : end;
};
