import type { EpochMs } from '../../domain/time.js';
import type { BadgeView } from '../shell/badge-view.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import { statusLabel } from '../text/status-badge.js';
import type { OverviewTexts } from './overview.en.js';

export const errorRowsMax = 10;
const clientLeft = 499;

/** An attempt that failed, as the log tells of it. */
export interface ErrorFacts {
  readonly id: number;
  readonly time: EpochMs;
  readonly request_id: string;
  readonly final: boolean;
  readonly model: string;
  readonly channel_name: string | null;
  readonly status_code: number;
  readonly message: string;
}

export interface LastErrorView {
  readonly id: string;
  readonly badge: BadgeView;
  readonly time: TimeView;
  readonly model: string;
  readonly channel: string;
  /** What became of the request. */
  readonly consequence: string;
  readonly message: string;
  /** Where the decision trace is; empty while there is no such page. */
  readonly path: string;
}

/** Newest first, of at most `errorRowsMax`. Who failed but was made up for by another channel is a warning, not an error. */
export const lastErrorsView = (
  rows: readonly ErrorFacts[],
  now: EpochMs,
  tracePath: ((requestId: string) => string) | undefined,
  { texts, formats }: Speech<OverviewTexts>,
): readonly LastErrorView[] =>
  rows
    .filter(({ status_code: status }) => status !== clientLeft)
    .sort((one, other) => other.time - one.time || other.id - one.id)
    .slice(0, errorRowsMax)
    .map((row) => ({
      id: String(row.id),
      badge: { tone: row.final ? 'bad' : 'warn', label: statusLabel(row.status_code, formats.language) },
      time: formats.time(row.time, now),
      model: row.model,
      channel: row.channel_name ?? texts.noChannelTried,
      consequence: row.final ? texts.reachedClient : texts.movedOn,
      message: row.message,
      path: tracePath?.(row.request_id) ?? '',
    }));
