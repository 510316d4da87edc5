import { logsPath } from '../logs/logs.view.js';
import type { Speech } from '../shell/shell.view.js';
import { spanHoursDefault, spanLabel, spansWith, type LinkView } from '../shell/span-choice.js';
import type { SharedTexts } from '../text/shared.en.js';
import { inOrder, orderAfterClick, statsPath, successRate, type KindFacts, type StatsColumn, type StatsRequest } from './stats-order.js';
import type { StatsTexts } from './stats.en.js';

export const kindsPerPage = 100;

export interface StatsFacts {
  readonly request: StatsRequest;
  readonly kinds: readonly KindFacts[];
  readonly total: KindFacts | undefined;
  readonly locale: string;
}

export interface HeadingView {
  readonly label: string;
  readonly path: string;
  readonly title: string;
  readonly sorted: 'ascending' | 'descending' | undefined;
  readonly isNumber: boolean;
}

export interface KindView {
  readonly channel: string;
  readonly model: string;
  readonly logPath: string | undefined;
  readonly logLabel: string;
  readonly total: string;
  readonly share: { readonly percent: number; readonly text: string };
  /** In the order of the columns after the share. */
  readonly cells: readonly { readonly label: string; readonly text: string; readonly title: string }[];
}

interface PageLink {
  readonly path: string;
  readonly label: string;
}

export interface StatsView {
  readonly title: string;
  readonly detail: string;
  readonly spans: readonly LinkView[];
  readonly problem: string | undefined;
  readonly headings: readonly HeadingView[];
  readonly rows: readonly KindView[];
  readonly total: KindView | undefined;
  readonly pagination: { readonly label: string; readonly position: string; readonly previous?: PageLink; readonly next?: PageLink } | undefined;
  readonly texts: StatsTexts;
}

export type StatsSpeech = Speech<StatsTexts> & { readonly shared: SharedTexts };

const columns: readonly StatsColumn[] = [
  ...(['channel', 'model', 'total', 'share', 'rate', 'error', 'input', 'output', 'cacheRead', 'cacheWrite'] as const),
  ...(['averageDuration', 'p95Duration', 'averageFirstByte', 'p95FirstByte'] as const),
];

/** "All", "Average" and "p95" mean something below the name of their group; what is read out says it all. */
const fullName = (column: StatsColumn, { columns: names, groups }: StatsTexts): string => {
  if (column === 'total') return groups.requests;
  if (column.endsWith('Duration')) return `${groups.duration} ${names[column]}`;
  return column.endsWith('FirstByte') ? `${groups.firstByte} ${names[column]}` : names[column];
};

const headingsOf = ({ request }: StatsFacts, texts: StatsTexts): StatsView['headings'] =>
  columns.map((column) => ({
    label: texts.columns[column],
    path: statsPath(request.hours ?? spanHoursDefault, orderAfterClick(column, request.order)),
    title: texts.sortBy(fullName(column, texts)),
    sorted: column !== request.order.column ? undefined : request.order.isDescending ? 'descending' : 'ascending',
    isNumber: column !== 'channel' && column !== 'model',
  }));

const cellsOf = (kind: KindFacts, { texts, formats }: StatsSpeech): KindView['cells'] => {
  const cell = (column: StatsColumn, text: string, title = ''): KindView['cells'][number] => ({ label: fullName(column, texts), text, title });
  const tokens = (column: StatsColumn, count: number): KindView['cells'][number] => cell(column, formats.compact(count), formats.number(count));
  const seconds = (column: StatsColumn, value: number | null): KindView['cells'][number] =>
    cell(column, formats.duration(value === null ? null : value * 1_000));
  const percentile = (column: StatsColumn, value: number | null): KindView['cells'][number] => cell(column, formats.latencyClass(value));
  return [
    cell('rate', successRate(kind) === null ? formats.number(null) : formats.percent(kind.success, kind.success + kind.error)),
    cell('error', formats.number(kind.error)),
    tokens('input', kind.input_tokens),
    tokens('output', kind.output_tokens),
    tokens('cacheRead', kind.cache_read_tokens),
    tokens('cacheWrite', kind.cache_creation_tokens),
    seconds('averageDuration', kind.avg_duration),
    percentile('p95Duration', kind.p95_duration),
    seconds('averageFirstByte', kind.avg_first_byte_time),
    percentile('p95FirstByte', kind.p95_first_byte_time),
  ];
};

const kindView = (kind: KindFacts, facts: StatsFacts, speech: StatsSpeech): KindView => {
  const { texts, formats } = speech;
  const all = facts.total?.total ?? 0;
  const channel = kind.channel_name ?? texts.noChannel;
  const model = kind.model === '' ? texts.noModel : kind.model;
  const asked = { channel_id: String(kind.channel_id ?? 0), model_like: kind.model, hours: String(facts.request.hours ?? spanHoursDefault) };
  return {
    channel,
    model,
    // Models that share a row have no log of their own.
    logPath: kind.model.startsWith('(') ? undefined : logsPath(asked),
    logLabel: texts.showLog(model, channel),
    total: formats.number(kind.total),
    share: { percent: all === 0 ? 0 : Math.round((1_000 * kind.total) / all) / 10, text: formats.percent(kind.total, all) },
    cells: cellsOf(kind, speech),
  };
};

/** The page that was asked for, or the last there is. */
const pageOf = ({ request, kinds }: Pick<StatsFacts, 'request' | 'kinds'>): number =>
  Math.max(1, Math.min(request.page, Math.ceil(kinds.length / kindsPerPage)));

const paginationOf = ({ request, kinds }: StatsFacts, { texts, formats, shared }: StatsSpeech): StatsView['pagination'] => {
  const { order, hours = spanHoursDefault } = request;
  if (kinds.length <= kindsPerPage) return undefined;
  const page = pageOf({ request, kinds });
  const first = (page - 1) * kindsPerPage + 1;
  const last = Math.min(kinds.length, first + kindsPerPage - 1);
  return {
    label: texts.pages,
    position: texts.position(formats.number(first), formats.number(last), formats.number(kinds.length)),
    ...(page > 1 ? { previous: { path: statsPath(hours, order, page - 1), label: shared.previousPage } } : {}),
    ...(last < kinds.length ? { next: { path: statsPath(hours, order, page + 1), label: shared.nextPage } } : {}),
  };
};

export const statsView = (facts: StatsFacts, speech: StatsSpeech): StatsView => {
  const { texts, formats, shared } = speech;
  const { request, kinds, total } = facts;
  const page = pageOf(facts);
  const rows = inOrder(kinds, request.order, facts.locale).slice((page - 1) * kindsPerPage, page * kindsPerPage);
  return {
    title: texts.title,
    detail: kinds.length === 0 ? '' : kinds.length === 1 ? texts.oneKind : texts.detail(formats.number(kinds.length)),
    spans: spansWith(request.hours ?? spanHoursDefault).map((hours) => ({
      label: spanLabel(hours, shared),
      path: statsPath(hours, request.order),
      isCurrent: hours === request.hours,
    })),
    problem: request.hours === undefined ? texts.hoursWrong : undefined,
    headings: headingsOf(facts, texts),
    rows: rows.map((kind) => kindView(kind, facts, speech)),
    total: total === undefined ? undefined : kindView(total, facts, speech),
    pagination: paginationOf(facts, speech),
    texts,
  };
};
