import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileText } from '../../src/channels/csv/file-text.js';
import { readChannels, type FileRows } from '../../src/channels/csv/read-channels.js';
import { fuzzMsMax, fuzzRuns } from '../support/campaign.js';
import { corpus, mutated } from './mutations.js';

const tokens = ['"', '""', ',', ';', '\t', '\n', '\r', '\r\n', '\u0000', '\u00ff', '\u00ef\u00bb\u00bf', "'", '=', '[', ']', '\\"', 'name', 'api_key', 'https://b.example', 'a,k,https://a.example,m\n'];

const read = (bytes: Buffer): FileRows => {
  const file = fileText(bytes);
  return file.kind === 'text' ? readChannels(file.text) : file;
};

/** A cell as somebody may have written it: quoted when it must be, and sometimes when it need not be. */
const cellOf = (text: string, delimiter: string, quoted: boolean): string =>
  quoted || text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
const name = fc.string({ unit: fc.constantFrom('a', 'b', '"', "'", ',', ';', '\t', ' ', '=', '模', '😀'), minLength: 1, maxLength: 8 }).map((text) => `n${text}n`).filter((text) => !text.includes('\t'));
const modelLines = fc.array(fc.constantFrom('m1', 'm2', '模型', 'claude-sonnet'), { minLength: 1, maxLength: 4 });
const blank = fc.constantFrom('', '  ', ',,,');
const row = fc.record({ name, models: modelLines, quoted: fc.boolean(), isBad: fc.boolean(), blanks: fc.array(blank, { maxLength: 2 }), end: lineBreak, inner: lineBreak });

const quote = '"'.charCodeAt(0);
/** How many cells the first line has that is not empty. */
const cellsOf = (lines: readonly string[], delimiter: string): number => (lines.find((line) => line.trim() !== '') ?? '').split(delimiter).length;

interface Expected {
  readonly kind: 'draft' | 'bad';
  readonly line: number;
  readonly name: string;
  readonly models: readonly string[];
}

describe('a CSV file', () => {
  it(
    'is read as it was written, and every bad row is told by its line',
    () => {
      fc.assert(
        fc.property(fc.array(row, { maxLength: 12 }), fc.constantFrom(',', ';', '\t'), lineBreak, (rows, delimiter, headEnd) => {
          let text = ['name', 'api_key', 'url', 'models'].join(delimiter) + headEnd;
          const linesOf = (written: string): number => written.replaceAll('\r\n', '\n').split(/[\n\r]/).length;
          const expected: Expected[] = [];
          for (const { name: called, models, quoted, isBad, blanks, end, inner } of rows) {
            for (const line of blanks) text += line.replaceAll(',', delimiter) + end;
            expected.push({ kind: isBad ? 'bad' : 'draft', line: linesOf(text), name: called, models: [...new Set(models)] });
            const cells = [called, isBad ? '' : 'k', 'https://a.example', models.join(inner)];
            text += cells.map((cell) => cellOf(cell, delimiter, quoted)).join(delimiter) + end;
          }
          const found = readChannels(text);
          const told = found.kind === 'rows' ? found.rows : [];
          expect(told.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind));
          for (const [index, outcome] of told.entries()) {
            const { line, name: called, models } = expected[index] ?? { line: 0, name: '', models: [] };
            if (outcome.kind === 'bad') expect(outcome.sentence).toMatch(new RegExp(`^line ${line}: api_key`));
            else expect(outcome.draft).toMatchObject({ name: called, models });
          }
        }),
        { numRuns: fuzzRuns(1_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'however broken, is read or refused with a sentence, and what is read could be stored',
    () => {
      fc.assert(
        fc.property(mutated(corpus('csv-files'), tokens), (bytes) => {
          const found = read(bytes);
          if (found.kind === 'problem') return expect(found.sentence).not.toBe('');
          for (const outcome of found.rows) {
            if (outcome.kind === 'bad') expect(outcome.sentence).toMatch(/^line \d+: \S/);
            else {
              const { protocol, username, password, hostname } = new URL(outcome.draft.url);
              expect([protocol.replace('s:', ':'), username, password]).toEqual(['http:', '', '']);
              expect(hostname).not.toMatch(/^169\.254\.\d+\.\d+$/);
              expect(outcome.draft.name).toMatch(/^\S(?:.*\S)?$/su);
              expect(outcome.draft.models.length).toBeGreaterThan(0);
            }
          }
        }),
        { numRuns: fuzzRuns(2_000) },
      );
    },
    fuzzMsMax,
  );

  it(
    'however broken, loses no row and tells the lines in order; without quotes there is a row for every line that says something',
    () => {
      fc.assert(
        fc.property(mutated(corpus('csv-files'), tokens), fc.boolean(), (bytes, keepsQuotes) => {
          const file = fileText(keepsQuotes ? bytes : Buffer.from(bytes.filter((byte) => byte !== quote)));
          if (file.kind !== 'text') return;
          const found = readChannels(file.text);
          if (found.kind === 'problem') return;
          const lines = file.text.split(/\r\n?|\n/);
          const told = found.rows.flatMap((outcome) => (outcome.kind === 'bad' ? [Number(/^line (\d+):/.exec(outcome.sentence)?.[1])] : []));
          expect(told).toEqual([...new Set(told)].sort((one, other) => one - other));
          for (const line of told) expect(lines[line - 1]).toBeDefined();
          if (file.text.includes('"')) return;
          const delimiter = [',', ';', '\t'].reduce((best, each) => (cellsOf(lines, each) > cellsOf(lines, best) ? each : best));
          const speaking = lines.filter((line) => line.split(delimiter).some((cell) => cell.trim() !== ''));
          expect(found.rows).toHaveLength(speaking.length - 1);
        }),
        { numRuns: fuzzRuns(2_000) },
      );
    },
    fuzzMsMax,
  );
});
