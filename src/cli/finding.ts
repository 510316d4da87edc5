/** What the doctor found about one thing. */
export interface Finding {
  /** `note`: in order, and worth knowing. `warning`: works, and should not stay so. `problem`: does not work. */
  readonly verdict: 'ok' | 'note' | 'warning' | 'problem';
  /** What was looked at, in a word or two. */
  readonly about: string;
  readonly says: string;
  /** What to do about it. */
  readonly mend?: string;
}

const marks: Readonly<Record<Finding['verdict'], string>> = { ok: 'ok', note: 'note', warning: 'WARNING', problem: 'PROBLEM' };
const markChars = Math.max(...Object.values(marks).map((mark) => mark.length));

/** One line for each, and another for how to mend it. */
export const findingLines = (findings: readonly Finding[]): string =>
  findings
    .map(({ verdict, about, says, mend }) => {
      const indent = ' '.repeat(markChars + 2);
      return `${marks[verdict].padEnd(markChars)}  ${about}: ${says}\n${mend === undefined ? '' : `${indent}${mend}\n`}`;
    })
    .join('');
