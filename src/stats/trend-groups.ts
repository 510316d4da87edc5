import { minuteMs, type EpochMs } from '../domain/time.js';
import { hourSummands, sumsOfRows } from './trend-columns.js';

/** Final log rows of one minute, channel and model, summed. */
export interface TrendGroup {
  /** Start of the minute, unix ms. */
  readonly minute: EpochMs;
  /** 0 for requests that no channel was tried for. */
  readonly channelId: number;
  readonly channelName: string;
  readonly model: string;
  readonly requests: number;
  /** A sum for each of `hourSummands`, in their order. */
  readonly sums: readonly number[];
}

/** A row of `groupsStatement`, with a column for each of `hourSummands` besides. */
export interface GroupRow {
  readonly minute: number;
  readonly channel_id: number;
  readonly channel_name: string;
  readonly model: string;
  readonly requests: number;
}

const numberIn = (row: object, column: string): number => Number(Reflect.get(row, column));

/** Wants the values of: after, through. */
export const groupsStatement = `
  SELECT time - time % ${minuteMs} AS minute, COALESCE(channel_id, 0) AS channel_id, model,
    COALESCE(MAX(channel_name), '') AS channel_name, COUNT(*) AS requests, ${sumsOfRows(hourSummands)}
  FROM logs WHERE id > ? AND id <= ? AND final = TRUE GROUP BY 1, 2, 3`;

export const groupOf = (row: GroupRow): TrendGroup => ({
  minute: row.minute,
  channelId: row.channel_id,
  channelName: row.channel_name,
  model: row.model,
  requests: row.requests,
  sums: hourSummands.map(({ column }) => numberIn(row, column)),
});

/**
 * Rows for a table that is coarser than the groups: the key that `keyOf` gives, the channel's name, and the first `columns`
 * of the sums over all groups with that key.
 */
export const summedBy = (
  groups: readonly TrendGroup[],
  keyOf: (group: TrendGroup) => readonly (number | string)[],
  columns = hourSummands.length,
): readonly (readonly (number | string)[])[] => {
  const totals = new Map<string, { readonly key: readonly (number | string)[]; channelName: string; readonly sums: number[] }>();
  for (const group of groups) {
    const key = keyOf(group);
    const text = JSON.stringify(key);
    const total = totals.get(text);
    if (total === undefined) {
      totals.set(text, { key, channelName: group.channelName, sums: group.sums.slice(0, columns) });
      continue;
    }
    if (group.channelName > total.channelName) total.channelName = group.channelName;
    for (let at = 0; at < columns; at += 1) total.sums[at] = (total.sums[at] ?? 0) + (group.sums[at] ?? 0);
  }
  return [...totals.values()].map(({ key, channelName, sums }) => [...key, channelName, ...sums]);
};
