import type { EpochMs } from '../../domain/time.js';
import type { Speech } from '../shell/shell.view.js';
import type { TimeView } from '../text/formats.js';
import type { OverviewTexts } from './overview.en.js';

/** Calls shown at a time, those that began first; `overview.js` shows as many. */
export const liveRowsMax = 20;

/** A model call under way, as the events tell of it. */
export interface LiveCallFacts {
  readonly request_id: string;
  readonly received_at: EpochMs;
  readonly model: string;
  readonly channel_id: number | null;
  readonly attempt: number;
  readonly committed_at: EpochMs | null;
  readonly bytes: number;
}

export interface LiveFacts {
  readonly total: number;
  readonly calls: readonly LiveCallFacts[];
}

export interface LiveCallView {
  readonly id: string;
  readonly model: string;
  readonly channel: string;
  readonly attempt: string;
  readonly age: TimeView;
  readonly progress: string;
}

export interface LiveCallsView {
  readonly calls: readonly LiveCallView[];
  /** How many are not shown; empty when none. */
  readonly more: string;
  /** The names of channels by id, as JSON: the events tell ids alone. */
  readonly names: string;
}

/** Until the answer begins to reach the client there are no bytes to count. */
const progressOf = (call: LiveCallFacts, { texts, formats }: Speech<OverviewTexts>): string =>
  call.committed_at === null ? texts.waiting : formats.bytes(call.bytes);

export const liveCallsView = (
  { total, calls }: LiveFacts,
  names: ReadonlyMap<number, string>,
  now: EpochMs,
  speech: Speech<OverviewTexts>,
): LiveCallsView => {
  const { texts, formats } = speech;
  const shown = calls.slice(0, liveRowsMax);
  return {
    calls: shown.map((call) => ({
      id: call.request_id,
      model: call.model === '' ? texts.readingRequest : call.model,
      channel: call.channel_id === null ? texts.choosing : (names.get(call.channel_id) ?? String(call.channel_id)),
      attempt: call.attempt > 1 ? texts.attempt(formats.number(call.attempt)) : '',
      age: formats.stopwatch(call.received_at, now),
      progress: progressOf(call, speech),
    })),
    more: total > shown.length ? texts.moreCalls(formats.number(total - shown.length)) : '',
    names: JSON.stringify(Object.fromEntries(names)),
  };
};
