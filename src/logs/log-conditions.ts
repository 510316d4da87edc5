import type { Dialect } from '../database/dialect.js';
import type { LogFilter, StatusFilter } from './log-filter.js';

/** A part of a WHERE clause and the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** `%` and `_` of the operator's text stand for themselves. */
const containing = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

const lowestOfClass = { '2xx': 200, '4xx': 400, '5xx': 500 } as const;

const statusCondition = (column: string, status: StatusFilter): Condition =>
  typeof status === 'number'
    ? { sql: `${column} = ?`, values: [status] }
    : { sql: `${column} BETWEEN ? AND ?`, values: [lowestOfClass[status], lowestOfClass[status] + 99] };

/**
 * What the filter says about the kind of a row (channel, model, status), over the columns of `logs` or of `log_tallies`
 * under that alias. `undefined` when it wants every kind.
 */
export const kindCondition = (alias: string, filter: LogFilter, { like }: Dialect): Condition | undefined => {
  const { channelId, channelName, channelNameLike, model, modelLike, status } = filter;
  const parts: Condition[] = [];
  // 0 asks for requests that no channel was tried for; those are NULL in `logs` and 0 in the tallies.
  if (channelId !== undefined) parts.push({ sql: `COALESCE(${alias}.channel_id, 0) = ?`, values: [channelId] });
  if (channelName !== undefined) parts.push({ sql: `${alias}.channel_name = ?`, values: [channelName] });
  if (channelNameLike !== undefined) {
    parts.push({ sql: `${alias}.channel_name ${like} ? ESCAPE '\\'`, values: [containing(channelNameLike)] });
  }
  if (model !== undefined) parts.push({ sql: `${alias}.model = ?`, values: [model] });
  if (modelLike !== undefined) parts.push({ sql: `${alias}.model ${like} ? ESCAPE '\\'`, values: [containing(modelLike)] });
  if (status !== undefined) parts.push(statusCondition(`${alias}.status_code`, status));
  if (parts.length === 0) return undefined;
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) };
};
