/*
 * Spreadsheets run a cell that begins with one of these characters. A quote in front makes it text; a text that begins with
 * such a quote itself gets another one, so that taking one away always gives back what was written.
 */
const runs = /^'*[=+\-@\t\r]/;
const guarded = /^'+[=+\-@\t\r]/;

/** The text as a cell that no spreadsheet runs. */
export const guardedCell = (text: string): string => (runs.test(text) ? `'${text}` : text);

/** Exactly what `guardedCell` was given. */
export const unguardedCell = (cell: string): string => (guarded.test(cell) ? cell.slice(1) : cell);
