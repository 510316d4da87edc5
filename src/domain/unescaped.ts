/** A text, and where each of its characters began in the text that it was read from. */
export interface Reading {
  readonly text: string;
  /** For the place of a character, or the end of the text: the place in the original. */
  readonly origin: (at: number) => number;
}

/** The ways of writing a character that JSON, URLs and pages have: each at most ten characters long. */
const escapes = {
  json: /\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[^]/gi,
  url: /%[0-9a-f]{2}/gi,
  page: /&#x[0-9a-f]{1,6};|&#\d{1,7};|&(?:amp|lt|gt|quot|apos);/gi,
  any: /\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[^]|%[0-9a-f]{2}|&#x[0-9a-f]{1,6};|&#\d{1,7};|&(?:amp|lt|gt|quot|apos);/gi,
} as const;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The one character that is meant. */
const meaning = (escape: string): string => {
  const hex = /^(?:\\[ux]|%|&#x)([0-9a-f]+);?$/i.exec(escape)?.[1];
  if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
  const decimal = /^&#(\d+);$/.exec(escape)?.[1];
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  return named[escape.slice(1, -1).toLowerCase()] ?? escape.charAt(1);
};

interface Seam {
  readonly at: number;
  readonly origin: number;
}

/** The last seam at or before a place; the first one is at 0. */
const seamBefore = (seams: readonly Seam[], at: number): Seam | undefined => {
  let low = 0;
  let high = seams.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((seams[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return seams[low];
};

const unescaped = (from: Reading, escape: RegExp): Reading => {
  const seams: Seam[] = [{ at: 0, origin: 0 }];
  let dropped = 0;
  const text = from.text.replace(escape, (found: string, at: number) => {
    const after = at + found.length;
    dropped += found.length - 1;
    seams.push({ at: after - dropped, origin: after });
    return meaning(found);
  });
  const origin = (at: number): number => {
    const seam = seamBefore(seams, at);
    return from.origin(seam === undefined ? at : seam.origin + at - seam.at);
  };
  return { text, origin };
};

/** How often escapes are undone: JSON may stand as a string in JSON, and that once more. */
const depths: readonly (readonly [escape: RegExp, depth: number])[] = [
  [escapes.any, 3],
  [escapes.json, 3],
  [escapes.url, 2],
  [escapes.page, 1],
];

/**
 * The text as it is, and as whoever undoes its escapes would read it, all of them or those of one language, because to the
 * others they may be no escapes. At most ten readings; a text without escapes has one.
 */
export const readingsOf = (text: string): readonly Reading[] => {
  const asItIs: Reading = { text, origin: (at) => at };
  const readings = [asItIs];
  for (const [escape, depth] of depths) {
    let before = asItIs;
    for (let undone = 0; undone < depth; undone += 1) {
      const reading = unescaped(before, escape);
      if (reading.text === before.text) break;
      if (readings.every((other) => other.text !== reading.text)) readings.push(reading);
      before = reading;
    }
  }
  return readings;
};
