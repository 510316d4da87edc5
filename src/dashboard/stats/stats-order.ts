import { pathWithQuery } from '../shell/path-with-query.js';
import { formValues } from '../shell/parse-form.js';
import { parseSpan, spanHoursDefault } from '../shell/span-choice.js';
import type { StatsTexts } from './stats.en.js';

export type StatsColumn = keyof StatsTexts['columns'];

/** Requests for one model through one channel; latencies are seconds, of successes. */
export interface KindFacts {
  readonly channel_id: number | null;
  readonly channel_name: string | null;
  readonly model: string;
  readonly success: number;
  readonly error: number;
  readonly total: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
  readonly avg_duration: number | null;
  readonly p95_duration: number | null;
  readonly avg_first_byte_time: number | null;
  readonly p95_first_byte_time: number | null;
}

type Value = string | number | null;

/** Successes among those that succeeded or failed; `null` where there were none of either. */
export const successRate = ({ success, error }: Pick<KindFacts, 'success' | 'error'>): number | null =>
  success + error === 0 ? null : success / (success + error);

const valueOf: Readonly<Record<StatsColumn, (kind: KindFacts) => Value>> = {
  channel: (kind) => kind.channel_name,
  model: (kind) => kind.model,
  total: (kind) => kind.total,
  share: (kind) => kind.total,
  rate: successRate,
  error: (kind) => kind.error,
  input: (kind) => kind.input_tokens,
  output: (kind) => kind.output_tokens,
  cacheRead: (kind) => kind.cache_read_tokens,
  cacheWrite: (kind) => kind.cache_creation_tokens,
  averageDuration: (kind) => kind.avg_duration,
  p95Duration: (kind) => kind.p95_duration,
  averageFirstByte: (kind) => kind.avg_first_byte_time,
  p95FirstByte: (kind) => kind.p95_first_byte_time,
};

const isColumn = (text: string): text is StatsColumn => Object.hasOwn(valueOf, text);

export interface StatsOrder {
  readonly column: StatsColumn;
  readonly isDescending: boolean;
}

/** Names begin with A, numbers with the largest. */
const isDescendingAtFirst = (column: StatsColumn): boolean => column !== 'channel' && column !== 'model';

/** What a click on a column's heading asks for. */
export const orderAfterClick = (column: StatsColumn, now: StatsOrder): StatsOrder => ({
  column,
  isDescending: column === now.column ? !now.isDescending : isDescendingAtFirst(column),
});

const compared = (one: string | number, other: string | number, names: Intl.Collator): number =>
  typeof one === 'string' || typeof other === 'string' ? names.compare(String(one), String(other)) : one - other;

/** Sorted; what has no value comes last either way, and equals stay as they came. `locale` orders the names. */
export const inOrder = <Kind extends KindFacts>(kinds: readonly Kind[], { column, isDescending }: StatsOrder, locale: string): readonly Kind[] => {
  const names = new Intl.Collator(locale, { numeric: true });
  const read = valueOf[column];
  return [...kinds].sort((one, other) => {
    const [left, right] = [read(one), read(other)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return isDescending ? compared(right, left, names) : compared(left, right, names);
  });
};

/** What the address asks for. What cannot be meant falls back to the default, except for `hours`, which is then `undefined`. */
export interface StatsRequest {
  readonly hours: number | undefined;
  readonly order: StatsOrder;
  /** 1 is the first. */
  readonly page: number;
}

export const statsOrderDefault: StatsOrder = { column: 'total', isDescending: true };

export const statsRequestOf = (query: unknown): StatsRequest => {
  const { hours, sort, order, page } = formValues(query, ['hours', 'sort', 'order', 'page']);
  const column = isColumn(sort) ? sort : statsOrderDefault.column;
  return {
    hours: parseSpan(hours),
    order: { column, isDescending: order === 'asc' || order === 'desc' ? order === 'desc' : isDescendingAtFirst(column) },
    page: /^[1-9][0-9]{0,5}$/.test(page) ? Number(page) : 1,
  };
};

/** The address of the same page with something else chosen; defaults are not written down. */
export const statsPath = (hours: number, { column, isDescending }: StatsOrder, page = 1): string => {
  const isDefault = column === statsOrderDefault.column && isDescending;
  return pathWithQuery('/web/stats', [
    ['hours', hours === spanHoursDefault ? '' : String(hours)],
    ['sort', isDefault ? '' : column],
    ['order', isDefault ? '' : isDescending ? 'desc' : 'asc'],
    ['page', page === 1 ? '' : String(page)],
  ]);
};
