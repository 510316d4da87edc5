/** Things that are named in a sentence; the others are counted. */
const namedMax = 10;

/** Some names out of a file as part of a sentence for a terminal or a log: not too many, and nothing in them moves a cursor. */
export const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, namedMax).map((name) => name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}'));
  const others = names.length - shown.length;
  return (others === 0 ? shown : [...shown, `and ${others} more`]).join(', ');
};
