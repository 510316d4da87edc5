import Papa, { type ParseStepResult } from 'papaparse';
import { draftInRow, type RowDraft, type RowTerms } from './cells.js';
import { columnsOf, type Columns } from './columns.js';

/** Rows of one file; a file with more is refused whole. */
export const csvRowsMax = 50_000;
/** The same with blank rows, which cost time too. */
export const csvBlankRowsMax = 100_000;

/** A row of the file that is not blank: what it says, or what is wrong with it, in a sentence that names its line. */
export type RowOutcome = { readonly kind: 'draft'; readonly draft: RowDraft } | { readonly kind: 'bad'; readonly sentence: string };

/** Everything a file says, row by row; or why nothing of it can be used. */
export type FileRows =
  | { readonly kind: 'rows'; readonly rows: readonly RowOutcome[] }
  | { readonly kind: 'problem'; readonly sentence: string };

const delimiters = [',', ';', '\t'] as const;

/** Spreadsheets write what their country writes; the header shows it, because no column's name contains one of them. */
const delimiterOf = (text: string): string => {
  const firstLine = text.slice(0, Math.max(0, text.search(/\n|$/)));
  const counts = delimiters.map((delimiter) => [firstLine.split(delimiter).length, delimiter] as const);
  return counts.reduce((best, next) => (next[0] > best[0] ? next : best))[1];
};

const linesIn = (text: string, from: number, to: number): number => {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
};

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Takes one row of the parser at a time, so that no second copy of the file comes to be. */
class RowReader {
  readonly rows: RowOutcome[] = [];
  problem: string | undefined;
  private columns: Columns | undefined;
  private line = 1;
  private cursor = 0;
  private blanks = 0;

  constructor(
    private readonly text: string,
    private readonly terms: RowTerms,
  ) {}

  /** False when there is nothing more to learn. */
  take({ data, errors, meta }: ParseStepResult<string[]>): boolean {
    const { line } = this;
    this.line += linesIn(this.text, this.cursor, meta.cursor);
    this.cursor = meta.cursor;
    if (isBlank(data)) return this.takeBlank();
    if (this.columns === undefined) return this.takeHeader(data);
    if (this.rows.length >= csvRowsMax) {
      this.problem = `the file has more than ${csvRowsMax} rows; import it in parts`;
      return false;
    }
    const draft = errors.some(({ type }) => type === 'Quotes') ? 'a quoted cell is not closed or goes on after its end' : draftInRow(data, this.columns, this.terms);
    this.rows.push(typeof draft === 'string' ? { kind: 'bad', sentence: `line ${line}: ${draft}` } : { kind: 'draft', draft });
    return true;
  }

  get result(): FileRows {
    if (this.problem === undefined && this.columns === undefined) this.takeHeader([]);
    return this.problem === undefined ? { kind: 'rows', rows: this.rows } : { kind: 'problem', sentence: this.problem };
  }

  private takeBlank(): boolean {
    this.blanks += 1;
    if (this.blanks > csvBlankRowsMax) this.problem = `the file has more than ${csvBlankRowsMax} blank rows`;
    return this.problem === undefined;
  }

  private takeHeader(header: readonly string[]): boolean {
    const columns = columnsOf(header);
    if (typeof columns === 'string') this.problem = columns;
    else this.columns = columns;
    return typeof columns !== 'string';
  }
}

/** Reads the text of a CSV file. Lines are counted as an editor shows them, from 1. */
export const readChannels = (fileText: string, terms: RowTerms = {}): FileRows => {
  // Files that went through several hands mix line breaks. None of them means anything inside a cell.
  const text = fileText.replace(/\r\n?/g, '\n');
  const reader = new RowReader(text, terms);
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text.trimStart()),
    newline: '\n',
    step: (row, parser) => {
      if (!reader.take(row)) parser.abort();
    },
  });
  return reader.result;
};
