import { forbiddenHostProblem } from '../../domain/forbidden-address.js';
import { channelBounds, modelsProblem, nameProblem, newKeyProblem, priorityProblem, urlProblem } from '../channel-problems.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { Columns } from './columns.js';
import { unguardedCell } from './formula.js';

/** What a row says; what the file has no column for is absent, and stays as it is when the channel exists already. */
export type RowDraft = Omit<ChannelDraft, 'priority' | 'enabled'> & Partial<Pick<ChannelDraft, 'priority' | 'enabled'>>;

/** What the configuration says of rows. */
export interface RowTerms {
  /** They may lead to link-local and cloud metadata addresses. */
  readonly allowLinkLocal?: boolean;
}

const yes: ReadonlySet<string> = new Set(['', '1', 'true', 'yes', 'y', 'on', 'enabled', '启用']);
const no: ReadonlySet<string> = new Set(['0', 'false', 'no', 'n', 'off', 'disabled', '禁用']);

/** Blank means yes; `undefined` for a word that means neither. */
export const enabledIn = (cell: string): boolean | undefined => {
  const word = cell.toLowerCase();
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
};

/** Blank means 0; NaN for what is no whole number. */
export const priorityIn = (cell: string): number => {
  if (cell === '') return 0;
  return /^[+-]?\d{1,15}$/.test(cell) ? Number(cell) : Number.NaN;
};

const listIn = (json: string): readonly unknown[] | undefined => {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** Longer than the most models with the longest names could be, however they are escaped. */
const modelsCharsMax = channelBounds.modelsMax * (6 * channelBounds.modelCharsMax + 4);

/**
 * A JSON list, also one whose quotes were escaped once more on the way, or names separated by `,`, `;`, `|` or line breaks.
 * Without duplicates; `undefined` for what begins like a list and is none.
 */
export const modelsIn = (cell: string): readonly unknown[] | undefined => {
  if (cell.length > modelsCharsMax) return undefined;
  const names: readonly unknown[] | undefined = cell.startsWith('[')
    ? (listIn(cell) ?? listIn(cell.replaceAll('\\"', '"')))
    : cell.split(/[,;|\r\n]/).filter((name) => name.trim() !== '');
  return names && [...new Set(names.map((name) => (typeof name === 'string' ? name.trim() : name)))];
};

const isNames = (models: readonly unknown[] | undefined): models is readonly string[] => modelsProblem(models) === undefined;

const addressProblem = (url: string, allowLinkLocal: boolean): string | undefined => (allowLinkLocal ? undefined : forbiddenHostProblem(url));

/** What a row says of a channel, or a sentence for everything that is wrong with it. */
export const draftInRow = (cells: readonly string[], columns: Columns, { allowLinkLocal = false }: RowTerms): RowDraft | string => {
  const cellAt = (position: number): string => unguardedCell(cells[position] ?? '').trim();
  const [name, apiKey, url] = [cellAt(columns.name), cellAt(columns.api_key), cellAt(columns.url)];
  const models = modelsIn(cellAt(columns.models));
  const priority = columns.priority === undefined ? undefined : priorityIn(cellAt(columns.priority));
  const enabled = columns.enabled === undefined ? true : enabledIn(cellAt(columns.enabled));
  const problems = [nameProblem(name), newKeyProblem(apiKey), urlProblem(url) ?? addressProblem(url, allowLinkLocal), modelsProblem(models)];
  if (priority !== undefined) problems.push(priorityProblem(priority));
  if (enabled === undefined) problems.push('enabled must be blank, 1/true/yes/y/on/enabled/启用 or 0/false/no/n/off/disabled/禁用');
  const sentences = problems.filter((problem) => problem !== undefined);
  if (sentences.length > 0 || !isNames(models)) return sentences.join('; ');
  return {
    ...{ name, apiKey, url, models },
    ...(priority === undefined ? {} : { priority: priority + 0 }),
    ...(columns.enabled === undefined || enabled === undefined ? {} : { enabled }),
  };
};
