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
  /** Were there beside a longer one of their channel: the table may be without a key. */
  readonly repeated: number;
  /** Had a time that cannot be read: they count as over. */
  readonly unreadableTimes: number;
}

export const noCooldowns: CopiedCooldowns = { cooldowns: 0, orphans: 0, repeated: 0, unreadableTimes: 0 };

interface StoredCooldown {
  readonly channelId: number;
  /** `undefined` when it cannot be read. */
  readonly until: EpochMs | undefined;
  /** 0 when the row does not say. */
  readonly durationMs: number;
}

/** One cooldown per channel: the one that lasts longest. */
const longestOf = (cooldowns: readonly StoredCooldown[]): readonly StoredCooldown[] => {
  const longest = new Map<number, StoredCooldown>();
  for (const cooldown of cooldowns) {
    const other = longest.get(cooldown.channelId);
    if (other === undefined || (cooldown.until ?? -Infinity) > (other.until ?? -Infinity)) longest.set(cooldown.channelId, cooldown);
  }
  return [...longest.values()];
};

/** Copies the longest cooldown of every channel that is there, also one that is over: the next failure doubles its duration. */
export const copyCooldowns = async (dataSource: DataSource, columns: ReadonlySet<string>, now: EpochMs): Promise<CopiedCooldowns> => {
  const duration = columns.has('duration_ms') ? 'MAX(CAST(COALESCE(duration_ms, 0) AS INTEGER), 0)' : '0';
  const rows: readonly { channel_id: number; until: unknown; duration: number; known: number }[] = await dataSource.query(
    `SELECT CAST(channel_id AS INTEGER) AS channel_id, until, ${duration} AS duration, channel_id IN (SELECT id FROM channels) AS known FROM original_cooldowns`,
  );
  const ours = rows.filter(({ known }) => known === 1);
  const kept = longestOf(ours.map((row) => ({ channelId: row.channel_id, until: epochMsOfStored(row.until), durationMs: row.duration })));
  const left = (until: EpochMs): number => Math.min(Math.max(until - now, secondMs), cooldownMsMax);
  for (const { channelId, until = now, durationMs: stored } of kept) {
    const durationMs = stored > 0 ? Math.min(stored, cooldownMsMax) : left(until);
    await dataSource.query('INSERT INTO cooldowns (channel_id, until, duration_ms, reason, since) VALUES (?, ?, ?, ?, ?)', [
      channelId,
      until,
      durationMs,
      cooldownReason,
      Math.min(until - durationMs, now),
    ]);
  }
  return {
    cooldowns: kept.length,
    orphans: rows.length - ours.length,
    repeated: ours.length - kept.length,
    unreadableTimes: kept.filter(({ until }) => until === undefined).length,
  };
};

export interface CopiedPointers {
  readonly pointers: number;
  /** Had a key that names no model and priority. */
  readonly oddPointers: number;
  /** Had the key of a later row: the table may be without a key. */
  readonly repeated: number;
}

export const noPointers: CopiedPointers = { pointers: 0, oddPointers: 0, repeated: 0 };

/** Copies every round-robin pointer, of several with one key the last; one that points nowhere points at the first channel again. */
export const copyPointers = async (dataSource: DataSource): Promise<CopiedPointers> => {
  const rows: readonly { key: unknown; idx: number }[] = await dataSource.query(
    `SELECT "key", CASE WHEN typeof(idx) = 'integer' AND idx BETWEEN 0 AND 2147483647 THEN idx ELSE 0 END AS idx FROM original_rr`,
  );
  const last = new Map(rows.map(({ key, idx }) => [key, idx]));
  const kept = [...last].flatMap(([key, idx]) => {
    const rotation = rotationOfKey(key);
    return rotation === undefined ? [] : [{ ...rotation, idx }];
  });
  for (const { model, priority, idx } of kept) {
    await dataSource.query('INSERT INTO rr (model, priority, next_index) VALUES (?, ?, ?)', [model, priority, idx]);
  }
  const oddPointers = rows.filter(({ key }) => rotationOfKey(key) === undefined).length;
  return { pointers: kept.length, oddPointers, repeated: rows.length - oddPointers - kept.length };
};
