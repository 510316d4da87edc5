import type { EpochMs } from '../../domain/time.js';
import type { FieldView } from '../shell/field-view.js';
import type { ChoiceView, Speech } from '../shell/shell.view.js';
import type { ChannelListTexts } from './channel-list.en.js';
import { rowView, type RowView } from './channel-row.view.js';
import { rowsPerPage, type ChannelFacts, type ChannelPage } from './channel-facts.js';
import { channelsPath, listPath, sortsDescending, statuses, type ListQuery, type SortKey } from './list-query.js';

/** Models that the filter offers; others can be typed. */
const modelsOfferedMax = 500;

/** What could not be done with a channel of the list, and what was typed. */
export interface ListProblem {
  readonly sentence: string;
  readonly channelId?: number;
  readonly priority?: string;
}

export interface ListFacts {
  readonly channels: readonly ChannelFacts[];
  /** Those of them that are shown. */
  readonly page: ChannelPage;
  /** Attempts at those that are shown, hour by hour. */
  readonly hours: ReadonlyMap<number, readonly number[]>;
  readonly problem?: ListProblem;
}

interface LinkView {
  readonly path: string;
  readonly label: string;
}

/** A heading; one that the list can be sorted by leads to that order, as its partial takes it. */
export type ColumnView =
  | { readonly label: string; readonly isSortable: false }
  | { readonly label: string; readonly isSortable: true; readonly isNumber: boolean; readonly path: string; readonly title: string; readonly sorted?: 'ascending' | 'descending' };

export interface ChannelListView {
  readonly title: string;
  readonly detail: string;
  readonly texts: ChannelListTexts;
  /** The address of this list, which its forms post to. */
  readonly path: string;
  readonly problem: string | undefined;
  readonly hasChannels: boolean;
  readonly search: FieldView;
  readonly modelFilter: FieldView;
  readonly statusFilter: { readonly name: string; readonly label: string; readonly choices: readonly ChoiceView[] };
  /** What a search must not lose. */
  readonly kept: readonly { readonly name: string; readonly value: string }[];
  readonly models: readonly string[];
  readonly columns: readonly ColumnView[];
  readonly rows: readonly RowView[];
  readonly empty: { readonly title: string; readonly hint: string; readonly action: LinkView };
  readonly pagination: { readonly label: string; readonly position: string; readonly previous?: LinkView; readonly next?: LinkView } | undefined;
}

const modelsOf = (channels: readonly ChannelFacts[]): readonly string[] =>
  [...new Set(channels.flatMap(({ models }) => models))].sort().slice(0, modelsOfferedMax);

const columnsOf = (query: ListQuery, { columns, sortBy }: ChannelListTexts): readonly ColumnView[] => {
  const sortable = (key: SortKey, isNumber = false): ColumnView => {
    const isCurrent = query.sort === key;
    const isDescending = isCurrent ? !query.isDescending : sortsDescending(key);
    const heading = { label: columns[key], title: sortBy(columns[key]), path: listPath({ ...query, sort: key, isDescending, page: 1 }) };
    return { ...heading, isSortable: true, isNumber, ...(isCurrent ? { sorted: query.isDescending ? 'descending' : 'ascending' } : {}) };
  };
  const plain = (label: string): ColumnView => ({ label, isSortable: false });
  return [
    sortable('name'),
    sortable('status'),
    sortable('priority', true),
    plain(columns.models),
    plain(columns.traffic),
    sortable('attempts', true),
    sortable('success', true),
  ];
};

const filtersOf = ({ q, status, model }: ListQuery, texts: ChannelListTexts): Pick<ChannelListView, 'search' | 'modelFilter' | 'statusFilter'> => ({
  search: { name: 'q', label: texts.search, type: 'search', value: q, placeholder: texts.searchHint },
  modelFilter: { name: 'model', id: 'model-filter', label: texts.model, type: 'text', value: model, list: 'model-names', autocomplete: 'off' },
  statusFilter: {
    name: 'status',
    label: texts.status,
    choices: [
      { value: '', label: texts.anyStatus, isChosen: status === undefined },
      ...statuses.map((value) => ({ value, label: texts.statuses[value], isChosen: value === status })),
    ],
  },
});

const paginationOf = (query: ListQuery, found: number, { texts, formats }: Speech<ChannelListTexts>, words: PageWords): ChannelListView['pagination'] => {
  if (found <= rowsPerPage) return undefined;
  const first = (query.page - 1) * rowsPerPage + 1;
  const last = Math.min(found, first + rowsPerPage - 1);
  return {
    label: texts.pages,
    position: texts.page(formats.number(first), formats.number(last), formats.number(found)),
    ...(query.page === 1 ? {} : { previous: { path: listPath({ ...query, page: query.page - 1 }), label: words.previousPage } }),
    ...(last === found ? {} : { next: { path: listPath({ ...query, page: query.page + 1 }), label: words.nextPage } }),
  };
};

/** What links between pages are called, on every page. */
export interface PageWords {
  readonly previousPage: string;
  readonly nextPage: string;
}

const emptyOf = (hasChannels: boolean, texts: ChannelListTexts): ChannelListView['empty'] =>
  hasChannels
    ? { title: texts.noMatch, hint: texts.noMatchHint, action: { path: channelsPath, label: texts.showAll } }
    : { title: texts.none, hint: texts.noneHint, action: { path: `${channelsPath}/new`, label: texts.add } };

/** The list as the address asks for it. */
export const channelListView = (facts: ListFacts, now: EpochMs, speech: Speech<ChannelListTexts>, words: PageWords): ChannelListView => {
  const { texts, formats } = speech;
  const { channels, problem } = facts;
  const { rows, found, query } = facts.page;
  const [all, some] = [formats.number(channels.length), formats.number(found)];
  return {
    title: texts.title,
    detail: found === channels.length ? texts.count(channels.length, all) : texts.countFound(some, all),
    texts,
    path: listPath(query),
    problem: problem?.sentence,
    hasChannels: channels.length > 0,
    ...filtersOf(query, texts),
    kept: [...new URLSearchParams(listPath({ ...query, q: '', status: undefined, model: '', page: 1 }).split('?')[1])].map(([name, value]) => ({ name, value })),
    models: modelsOf(channels),
    columns: columnsOf(query, texts),
    rows: rows.map((channel) => rowView(channel, now, speech, { hours: facts.hours.get(channel.id) ?? [], ...(channel.id === problem?.channelId ? { typed: problem.priority } : {}) })),
    empty: emptyOf(channels.length > 0, texts),
    pagination: paginationOf(query, found, speech, words),
  };
};
