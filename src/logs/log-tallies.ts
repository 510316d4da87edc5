import type { AttemptRecord } from '../domain/call.js';
import { hourMs, type EpochMs } from '../domain/time.js';

/** The hour a moment lies in, by its beginning. */
export const hourOf = (time: EpochMs): EpochMs => time - (time % hourMs);

/** Columns that make a tally, and the same made from rows of `logs`. */
export const tallyKey = ['hour', 'channel_id', 'channel_name', 'model', 'status_code'] as const;
export const tallyColumns = tallyKey.join(', ');
export const tallyKeyOfRow = `time - time % ${hourMs}, COALESCE(channel_id, 0), COALESCE(channel_name, ''), model, status_code`;
export const addToTallies = `ON CONFLICT (${tallyColumns}) DO UPDATE SET row_count = log_tallies.row_count + excluded.row_count`;

type TallyValues = [hour: EpochMs, channelId: number, channelName: string, model: string, statusCode: number, rows: number];

/** What the records add to the tallies: one row of values per hour and kind. */
export const talliesOf = (records: readonly AttemptRecord[]): readonly TallyValues[] => {
  const tallies = new Map<string, TallyValues>();
  for (const { time, channelId = 0, channelName = '', model, statusCode } of records) {
    const hour = hourOf(time);
    // Numbers first: their spaces end them. The name's length says where the model begins.
    const kind = `${hour} ${channelId} ${statusCode} ${channelName.length} ${channelName}${model}`;
    const tally = tallies.get(kind);
    if (tally === undefined) tallies.set(kind, [hour, channelId, channelName, model, statusCode, 1]);
    else tally[5] += 1;
  }
  return [...tallies.values()];
};

/** One hour of the log, as a filter sees it. */
export interface HourTally {
  readonly hour: EpochMs;
  /** Rows in all. */
  readonly total: number;
  /** Rows that the filter wants. */
  readonly matching: number;
}

/** The hours that hold a page: `skip` rows of the newest of them are passed over. */
export interface PageWindow {
  readonly from: EpochMs;
  /** Not included. */
  readonly to: EpochMs;
  readonly skip: number;
  /** True when so many rows match that going through them newest first meets enough of them soon. */
  readonly isDense: boolean;
}

/** Fetching rows of a kind and sorting them costs about this many times what passing over a row in order of time does. */
const costOfSorting = 2;

/** Which of the hours (newest first) hold the page; `undefined` when it lies beyond the last row. */
export const windowOf = (hours: readonly HourTally[], offset: number, limit: number): PageWindow | undefined => {
  let skip = offset;
  const first = hours.findIndex(({ matching }) => {
    if (skip < matching) return true;
    skip -= matching;
    return false;
  });
  const newest = hours[first];
  if (newest === undefined) return undefined;
  let from = newest.hour;
  let total = 0;
  let matching = 0;
  for (const hour of hours.slice(first)) {
    if (matching >= skip + limit) break;
    if (hour.matching > 0) from = hour.hour;
    total += hour.total;
    matching += hour.matching;
  }
  const passedOver = ((skip + limit) * total) / matching;
  return { from, to: newest.hour + hourMs, skip, isDense: matching === total || passedOver < costOfSorting * matching };
};
