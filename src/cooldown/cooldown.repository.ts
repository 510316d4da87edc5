import { LessThanOrEqual, type DataSource, type EntityManager } from 'typeorm';
import { BulkInsert } from '../database/bulk-insert.js';
import { dialectOf, type Dialect } from '../database/dialect.js';
import { takeTurn } from '../database/turns.js';
import type { Cooldown } from '../domain/cooldown.js';
import { placeOf } from '../domain/cooldown-merge.js';
import { CooldownEntity } from './cooldown.entity.js';
import { ModelCooldownEntity } from './model-cooldown.entity.js';
import type { CooldownChange, StoredCooldown } from './stored-cooldown.js';

const values = ['until', 'duration_ms', 'reason', 'since'] as const;

const rowsInto = (table: string, key: readonly string[], { unlessNewer }: Dialect): BulkInsert => {
  const replaced = values.map((column) => `${column} = excluded.${column}`).join(', ');
  return new BulkInsert(table, [...key, ...values], `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${replaced} ${unlessNewer(table, 'since')}`);
};

/** Nobody remembers over a restart whether a probe had been proven: a restored scope is probed once more. */
const cooldownOf = ({ until, durationMs, since, reason }: CooldownEntity | ModelCooldownEntity): Cooldown => ({
  until,
  durationMs,
  since,
  reason,
  proven: false,
});

/** In `since` stands the place: replicas compare rows by it. */
const valuesOf = (cooldown: Cooldown): readonly unknown[] => [cooldown.until, cooldown.durationMs, cooldown.reason, placeOf(cooldown)];

const channelRowsOf = (changes: readonly CooldownChange[]): readonly (readonly unknown[])[] =>
  changes.flatMap(({ channelId, model, cooldown }) => (cooldown === undefined || model !== undefined ? [] : [[channelId, ...valuesOf(cooldown)]]));

const modelRowsOf = (changes: readonly CooldownChange[]): readonly (readonly unknown[])[] =>
  changes.flatMap(({ channelId, model, cooldown }) => (cooldown === undefined || model === undefined ? [] : [[channelId, model, ...valuesOf(cooldown)]]));

/** What another replica has imposed since the lift stays. */
const removeEnded = async (manager: EntityManager, changes: readonly CooldownChange[]): Promise<void> => {
  for (const { channelId, model, cooldown, liftedAt } of changes) {
    if (cooldown !== undefined) continue;
    const imposed = liftedAt === undefined ? {} : { since: LessThanOrEqual(liftedAt) };
    if (model === undefined) await manager.delete(CooldownEntity, { channelId, ...imposed });
    else await manager.delete(ModelCooldownEntity, { channelId, model, ...imposed });
  }
};

/** Cooldowns of channels and of pairs in their two tables, written behind the memory that rules. */
export class CooldownRepository {
  private readonly channelsInto: BulkInsert;
  private readonly pairsInto: BulkInsert;

  constructor(private readonly dataSource: DataSource) {
    const dialect = dialectOf(dataSource);
    this.channelsInto = rowsInto('cooldowns', ['channel_id'], dialect);
    this.pairsInto = rowsInto('model_cooldowns', ['channel_id', 'model'], dialect);
  }

  /** Everything stored, ended cooldowns included. */
  async all(): Promise<readonly StoredCooldown[]> {
    const { manager } = this.dataSource;
    const channels = await manager.find(CooldownEntity);
    const pairs = await manager.find(ModelCooldownEntity);
    return [
      ...channels.map((row) => ({ channelId: row.channelId, model: undefined, cooldown: cooldownOf(row) })),
      ...pairs.map((row) => ({ channelId: row.channelId, model: row.model, cooldown: cooldownOf(row) })),
    ];
  }

  /**
   * Makes the tables agree with `changes` (at most one per scope), all or nothing. A change for a channel that has been
   * deleted since is skipped: its cooldowns went with it.
   */
  async apply(changes: readonly CooldownChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.dataSource.transaction(async (manager) => {
      await takeTurn(manager, 'cooldowns');
      const channels: readonly { id: number }[] = await manager.query('SELECT id FROM channels');
      const known = new Set(channels.map(({ id }) => id));
      const living = changes.filter(({ channelId }) => known.has(channelId));
      await removeEnded(manager, living);
      await this.channelsInto.into(manager, channelRowsOf(living));
      await this.pairsInto.into(manager, modelRowsOf(living));
    });
  }
}
