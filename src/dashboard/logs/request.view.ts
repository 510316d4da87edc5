import type { EpochMs } from '../../domain/time.js';
import type { BadgeView } from '../shell/badge-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import { statusBadge, statusTone } from '../text/status-badge.js';
import { figuresView, requestPath, type AttemptFacts, type FiguresView } from './log-row.view.js';
import type { RequestTexts } from './request.en.js';

/** An attempt in the picture of the whole request, in percent of its time. */
export interface BarView {
  readonly start: number;
  readonly waiting: number;
  readonly answeringAt: number;
  readonly answering: number;
  /** Where the first byte came; `undefined` when none did. */
  readonly firstByte: number | undefined;
  readonly tone: BadgeView['tone'];
  readonly label: string;
}

export interface AttemptView {
  readonly number: string;
  readonly channel: string;
  readonly badge: BadgeView;
  /** As it was logged; empty when all went well. */
  readonly message: string;
  readonly bar: BarView;
  readonly figures: FiguresView;
}

export interface RequestView {
  readonly title: string;
  readonly id: string;
  readonly path: string;
  readonly began: TimeView;
  readonly badge: BadgeView;
  readonly facts: readonly { readonly label: string; readonly text: string; readonly isCode: boolean }[];
  readonly span: string;
  readonly attempts: readonly AttemptView[];
  readonly tokens: readonly { readonly label: string; readonly text: string }[];
  readonly incomplete: string | undefined;
  readonly steps: readonly { readonly channel: string; readonly note: string }[];
  readonly noSteps: string;
  readonly texts: RequestTexts;
}

type RequestSpeech = Speech<RequestTexts>;

const endOf = ({ time, duration }: AttemptFacts): EpochMs => time + duration * 1_000;
const rounded = (percent: number): number => Math.round(percent * 100) / 100;
/** So that what took hardly any time can still be seen, in percent of the picture. */
const barPercentMin = 0.6;

interface Span {
  readonly begin: EpochMs;
  readonly ms: number;
}

const barView = (row: AttemptFacts, { begin, ms }: Span, { texts, formats }: RequestSpeech): BarView => {
  const percentOf = (part: number): number => (ms <= 0 ? 0 : Math.min(100, (100 * part) / ms));
  const startMs = row.time - begin;
  const start = Math.min(percentOf(startMs), 100 - barPercentMin);
  const length = Math.max(barPercentMin, Math.min(ms <= 0 ? 100 : percentOf(row.duration * 1_000), 100 - start));
  const firstMs = row.first_byte_time === null ? undefined : Math.min(row.first_byte_time, row.duration) * 1_000;
  const waiting = firstMs === undefined ? length : Math.min(length, percentOf(firstMs));
  const after = formats.duration(startMs);
  const end = formats.duration(startMs + row.duration * 1_000);
  return {
    start: rounded(start),
    waiting: rounded(waiting),
    answeringAt: rounded(start + waiting),
    answering: rounded(length - waiting),
    firstByte: firstMs === undefined ? undefined : rounded(start + waiting),
    tone: statusTone(row.status_code),
    label: firstMs === undefined ? texts.timelineNoByte(after, end) : texts.timelineLabel(after, formats.duration(startMs + firstMs), end),
  };
};

const attemptView = (row: AttemptFacts, span: Span, speech: RequestSpeech): AttemptView => ({
  number: speech.formats.number(row.attempt),
  channel: row.channel_name ?? speech.texts.noChannel,
  badge: statusBadge(row.status_code, speech.formats.language),
  message: row.message,
  bar: barView(row, span, speech),
  figures: figuresView(row, speech),
});

const factsOf = (row: AttemptFacts, span: Span, { texts, formats }: RequestSpeech): RequestView['facts'] => {
  const code = (label: string, text: string): RequestView['facts'][number] => ({ label, text, isCode: true });
  const word = (label: string, text: string): RequestView['facts'][number] => ({ label, text, isCode: false });
  return [
    word(texts.took, formats.duration(span.ms)),
    code(texts.model, row.model),
    code(texts.path, row.path),
    word(texts.streaming, row.is_streaming ? texts.yes : texts.no),
    code(texts.client, row.client_ip),
    word(texts.token, row.token_label ?? ''),
  ].filter(({ text }) => text !== '');
};

/**
 * One request with all its attempts, the earliest first. `rows` are not empty; the final one tells how it ended, and where
 * retention has removed it the last one there is.
 */
export const requestView = (rows: readonly [AttemptFacts, ...AttemptFacts[]], now: EpochMs, speech: RequestSpeech): RequestView => {
  const { texts, formats } = speech;
  const attempts = [...rows].sort((one, other) => one.attempt - other.attempt);
  const final = attempts.find((row) => row.final) ?? attempts.at(-1) ?? rows[0];
  const begin = Math.min(...attempts.map(({ time }) => time));
  const span = { begin, ms: Math.max(...attempts.map(endOf)) - begin };
  const figures = figuresView(final, speech);
  return {
    title: texts.title,
    id: final.request_id,
    path: requestPath(final.request_id),
    began: formats.time(begin, now),
    badge: statusBadge(final.status_code, speech.formats.language),
    facts: factsOf(final, span, speech),
    span: texts.timeline(formats.duration(span.ms)),
    attempts: attempts.map((row) => attemptView(row, span, speech)),
    tokens: [
      { label: texts.input, text: figures.input },
      { label: texts.output, text: figures.output },
      { label: texts.cacheRead, text: figures.cacheRead },
      { label: texts.cacheWrite, text: figures.cacheWrite },
    ],
    incomplete: final.usage_incomplete ? texts.incomplete : undefined,
    steps: (final.trace ?? []).map(({ channel_name: channel, note }) => ({ channel, note })),
    noSteps: final.attempt === 0 ? texts.nobodyTried : texts.noDecisions,
    texts,
  };
};
