import type { EpochMs } from '../../domain/time.js';
import { pathWithQuery } from '../shell/path-with-query.js';
import type { Speech } from '../shell/shell.view.js';
import { sharedTexts } from '../text/shared-texts.js';
import { logFilterView, type FilterFacts, type LogFilterView } from './log-filter.view.js';
import { logRowView, type AttemptFacts, type LogRowView } from './log-row.view.js';
import type { LogsTexts } from './logs.en.js';
import type { LogValues } from './parse-log-query.js';

export const rowsPerPage = 50;

export interface LogsFacts extends FilterFacts {
  readonly rows: readonly AttemptFacts[];
  /** How many match in all. */
  readonly count: number;
}

interface PageLink {
  readonly path: string;
  readonly label: string;
}

export interface LogsView {
  readonly title: string;
  readonly detail: string;
  readonly filter: LogFilterView;
  readonly rows: readonly LogRowView[];
  readonly pagination: { readonly label: string; readonly position: string; readonly previous?: PageLink; readonly next?: PageLink } | undefined;
  readonly empty: { readonly title: string; readonly hint: string; readonly action?: PageLink } | undefined;
  /** New rows come to the top of the first page only. */
  readonly canFollow: boolean;
  readonly clearPath: string;
  readonly texts: LogsTexts;
  /** With `{count}` where the script fills in how many. */
  readonly newRows: string;
}

/** The address of a page of the same list. */
export const logsPath = (values: Partial<LogValues>, page = 1): string =>
  pathWithQuery('/web/logs', [...Object.entries(values), ['page', page > 1 ? String(page) : '']]);

const emptyOf = ({ request, count, rows, channels }: LogsFacts, isSet: boolean, texts: LogsTexts): LogsView['empty'] => {
  if (rows.length > 0 || request.query === undefined) return undefined;
  if (count > 0) return { title: texts.pageBeyond, hint: texts.pageBeyondHint, action: { path: logsPath(request.values), label: texts.firstPage } };
  if (!isSet && channels.length === 0) return { title: texts.nothing, hint: texts.nothingHint };
  return isSet ? { title: texts.noMatch, hint: texts.noMatchHint, action: { path: '/web/logs', label: texts.filterClear } } : { title: texts.nothing, hint: texts.nothingHint };
};

const paginationOf = ({ request, rows, count, language }: LogsFacts, { texts, formats }: Speech<LogsTexts>): LogsView['pagination'] => {
  const { values, page } = request;
  if (count <= rowsPerPage || rows.length === 0) return undefined;
  const first = (page - 1) * rowsPerPage + 1;
  const last = first + rows.length - 1;
  const { previousPage, nextPage } = sharedTexts[language];
  return {
    label: texts.pages,
    position: texts.position(formats.number(first), formats.number(last), formats.number(count)),
    ...(page > 1 ? { previous: { path: logsPath(values, page - 1), label: previousPage } } : {}),
    ...(last < count ? { next: { path: logsPath(values, page + 1), label: nextPage } } : {}),
  };
};

export const logsView = (facts: LogsFacts, now: EpochMs, speech: Speech<LogsTexts>): LogsView => {
  const { texts, formats } = speech;
  const { request, count } = facts;
  const filter = logFilterView(facts, texts);
  return {
    title: texts.title,
    detail: request.query === undefined ? '' : count === 1 ? texts.oneEntry : texts.entries(formats.number(count)),
    filter,
    rows: facts.rows.map((row) => logRowView(row, now, speech)),
    pagination: paginationOf(facts, speech),
    empty: emptyOf(facts, filter.isSet, texts),
    canFollow: request.page === 1 && request.query !== undefined,
    clearPath: logsPath({ hours: request.problems.includes('hours') ? '' : request.values.hours }),
    texts,
    newRows: texts.newRows('{count}'),
  };
};
