import type { EpochMs } from '../../domain/time.js';
import type { BadgeView } from '../shell/badge-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import { statusBadge } from '../text/status-badge.js';
import type { LogsTexts } from './logs.en.js';

/** What pages ask of a stored attempt; durations are seconds. */
export interface AttemptFacts {
  readonly id: number;
  readonly time: EpochMs;
  readonly request_id: string;
  /** 0 when no channel was tried. */
  readonly attempt: number;
  readonly final: boolean;
  readonly model: string;
  readonly channel_name: string | null;
  readonly path: string;
  readonly status_code: number;
  readonly message: string;
  readonly duration: number;
  readonly is_streaming: boolean;
  readonly first_byte_time: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_creation_tokens: number | null;
  readonly usage_incomplete: boolean;
  readonly client_ip: string;
  readonly token_label: string | null;
  readonly trace: readonly { readonly channel_name: string; readonly note: string }[] | null;
}

/** The numbers of an attempt, finished. */
export interface FiguresView {
  readonly duration: string;
  readonly firstByte: string;
  readonly input: string;
  readonly output: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
}

export interface LogRowView {
  readonly id: number;
  /** The page of its request. */
  readonly path: string;
  readonly openLabel: string;
  readonly time: TimeView;
  readonly badge: BadgeView;
  readonly message: string;
  readonly model: string;
  readonly channel: string;
  /** Which attempt it was, unless it was the only one. */
  readonly attempt: string | undefined;
  readonly figures: FiguresView;
  readonly incomplete: string | undefined;
  /** Where it came from, and which token it showed. */
  readonly client: string;
  readonly isFinal: boolean;
}

const millisecondsOf = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1_000);

export const requestPath = (requestId: string): string => `/web/logs/${encodeURIComponent(requestId)}`;

export const figuresView = (row: AttemptFacts, { formats }: Pick<Speech<unknown>, 'formats'>): FiguresView => ({
  duration: formats.duration(millisecondsOf(row.duration)),
  firstByte: formats.duration(millisecondsOf(row.first_byte_time)),
  input: formats.number(row.input_tokens),
  output: formats.number(row.output_tokens),
  cacheRead: formats.number(row.cache_read_tokens),
  cacheWrite: formats.number(row.cache_creation_tokens),
});

const attemptText = ({ attempt, final }: AttemptFacts, { texts, formats }: Speech<LogsTexts>): string | undefined => {
  if (!final) return `${texts.attempt(formats.number(attempt))} · ${texts.passedOn}`;
  return attempt > 1 ? texts.attempt(formats.number(attempt)) : undefined;
};

/** A row of the list. */
export const logRowView = (row: AttemptFacts, now: EpochMs, speech: Speech<LogsTexts>): LogRowView => {
  const { texts, formats } = speech;
  return {
    id: row.id,
    path: requestPath(row.request_id),
    openLabel: texts.open(row.request_id),
    time: formats.time(row.time, now),
    badge: statusBadge(row.status_code, formats.language),
    message: row.message,
    model: row.model === '' ? texts.noModel : row.model,
    channel: row.channel_name ?? texts.noChannel,
    attempt: attemptText(row, speech),
    figures: figuresView(row, speech),
    incomplete: row.usage_incomplete ? texts.incomplete : undefined,
    client: row.token_label === null ? row.client_ip : `${row.client_ip} · ${row.token_label}`,
    isFinal: row.final,
  };
};
