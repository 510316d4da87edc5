import type { DataSource } from 'typeorm';
import { cooldownMsMax } from '../../domain/cooldown.js';
import { secondMs, type EpochMs } from '../../domain/time.js';
import { epochMsOfStored } from './go-time.js';
import { rotationOfKey } from './rotation-key.js';

/** For operators, where a cooldown of ours names its failure. */
const cooldownReason = 'a failure before the takeover';

export interface CopiedCooldowns {
  readonly cooldowns: number;
  /** Belonged to no channel. */
  readonly orphans: number;
  /** Had a time that cannot be read: they count as over. */
  readonly unreadableTimes: number;
}

/** Copies every cooldown of a channel that is there, also those that are over: the next failure doubles their duration. */
export const copyCooldowns = async (dataSource: DataSource, columns: ReadonlySet<string>, now: EpochMs): Promise<CopiedCooldowns> => {
  const duration = columns.has('duration_ms') ? 'MAX(CAST(COALESCE(duration_ms, 0) AS INTEGER), 0)' : '0';
  const rows: readonly { channel_id: unknown; until: unknown; duration: number; known: number }[] = await dataSource.query(
    `SELECT channel_id, until, ${duration} AS duration, channel_id IN (SELECT id FROM channels) AS known FROM original_cooldowns`,
  );
  const ours = rows.filter(({ known }) => known === 1);
  const left = (until: EpochMs): number => Math.min(Math.max(until - now, secondMs), cooldownMsMax);
  let unreadableTimes = 0;
  for (const row of ours) {
    const readable = epochMsOfStored(row.until);
    if (readable === undefined) unreadableTimes += 1;
    const until = readable ?? now;
    const durationMs = row.duration > 0 ? Math.min(row.duration, cooldownMsMax) : left(until);
    await dataSource.query('INSERT INTO cooldowns (channel_id, until, duration_ms, reason, since) VALUES (?, ?, ?, ?, ?)', [
      row.channel_id,
      until,
      durationMs,
      cooldownReason,
      Math.min(until - durationMs, now),
    ]);
  }
  return { cooldowns: ours.length, orphans: rows.length - ours.length, unreadableTimes };
};

export interface CopiedPointers {
  readonly pointers: number;
  /** Had a key that names no model and priority. */
  readonly oddPointers: number;
}

/** Copies every round-robin pointer; one that points nowhere points at the first channel again. */
export const copyPointers = async (dataSource: DataSource): Promise<CopiedPointers> => {
  const rows: readonly { key: unknown; idx: number }[] = await dataSource.query(
    `SELECT "key", CASE WHEN typeof(idx) = 'integer' AND idx BETWEEN 0 AND 2147483647 THEN idx ELSE 0 END AS idx FROM original_rr`,
  );
  let oddPointers = 0;
  for (const { key, idx } of rows) {
    const rotation = rotationOfKey(key);
    if (rotation === undefined) oddPointers += 1;
    else await dataSource.query('INSERT INTO rr (model, priority, next_index) VALUES (?, ?, ?)', [rotation.model, rotation.priority, idx]);
  }
  return { pointers: rows.length - oddPointers, oddPointers };
};
