/*
 * Spreadsheets run a cell that begins with one of these characters. A quote in front makes it text; a text that begins with
 * such a quote itself gets another one, so that taking one away always gives back what was written.
 */
const runs = new Set(['=', '+', '-', '@', '\t', '\r']);

/** How many quotes the text begins with. Counted, because a pattern that may give quotes back overflows on ten megabytes of them. */
const quotesBefore = (text: string): number => {
  let quotes = 0;
  while (text[quotes] === "'") quotes += 1;
  return quotes;
};

/** The text as a cell that no spreadsheet runs. */
export const guardedCell = (text: string): string => (runs.has(text.charAt(quotesBefore(text))) ? `'${text}` : text);

/** Exactly what `guardedCell` was given. */
export const unguardedCell = (cell: string): string => {
  const quotes = quotesBefore(cell);
  return quotes > 0 && runs.has(cell.charAt(quotes)) ? cell.slice(1) : cell;
};
