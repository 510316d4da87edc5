/*
 * Spreadsheets run a cell that begins with one of these characters. A quote in front makes it text; a text that begins with
 * such a quote itself gets another one, so that taking one away always gives back what was written.
 */
const runs = new Set(['=', '+', '-', '@', '\t', '\r']);

/** Does it run, once the quotes before it are away? They are counted: a pattern that may give them back overflowed now and then on ten million. */
const isFormula = (text: string): boolean => {
  let quotes = 0;
  while (text[quotes] === "'") quotes += 1;
  return runs.has(text.charAt(quotes));
};

/** The text as a cell that no spreadsheet runs. */
export const guardedCell = (text: string): string => (isFormula(text) ? `'${text}` : text);

/** Exactly what `guardedCell` was given. */
export const unguardedCell = (cell: string): string => (cell.startsWith("'") && isFormula(cell) ? cell.slice(1) : cell);
