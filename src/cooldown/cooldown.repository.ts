import type { DataSource, EntityManager } from 'typeorm';
import type { Cooldown } from '../domain/cooldown.js';
import { CooldownEntity } from './cooldown.entity.js';
import { ModelCooldownEntity } from './model-cooldown.entity.js';
import type { CooldownChange, StoredCooldown } from './stored-cooldown.js';

/** Rows of one statement; SQLite takes at most 32 766 parameters, and a row has six. */
const rowsPerStatement = 500;

/** Nobody remembers over a restart whether a probe had been proven: a restored scope is probed once more. */
const cooldownOf = ({ until, durationMs, since, reason }: CooldownEntity | ModelCooldownEntity): Cooldown => ({
  until,
  durationMs,
  since,
  reason,
  proven: false,
});

const channelRowsOf = (changes: readonly CooldownChange[]): CooldownEntity[] =>
  changes.flatMap(({ channelId, model, cooldown }) => {
    if (cooldown === undefined || model !== undefined) return [];
    const { until, durationMs, reason, since } = cooldown;
    return [{ channelId, until, durationMs, reason, since }];
  });

const modelRowsOf = (changes: readonly CooldownChange[]): ModelCooldownEntity[] =>
  changes.flatMap(({ channelId, model, cooldown }) => {
    if (cooldown === undefined || model === undefined) return [];
    const { until, durationMs, reason, since } = cooldown;
    return [{ channelId, model, until, durationMs, reason, since }];
  });

const removeEnded = async (manager: EntityManager, changes: readonly CooldownChange[]): Promise<void> => {
  for (const { channelId, model, cooldown } of changes) {
    if (cooldown !== undefined) continue;
    if (model === undefined) await manager.delete(CooldownEntity, { channelId });
    else await manager.delete(ModelCooldownEntity, { channelId, model });
  }
};

/** Cooldowns of channels and of pairs in their two tables, written behind the memory that rules. */
export class CooldownRepository {
  constructor(private readonly dataSource: DataSource) {}

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
      const channels: readonly { id: number }[] = await manager.query('SELECT id FROM channels');
      const known = new Set(channels.map(({ id }) => id));
      const living = changes.filter(({ channelId }) => known.has(channelId));
      await removeEnded(manager, living);
      const channelRows = channelRowsOf(living);
      for (let at = 0; at < channelRows.length; at += rowsPerStatement) {
        await manager.upsert(CooldownEntity, channelRows.slice(at, at + rowsPerStatement), ['channelId']);
      }
      const modelRows = modelRowsOf(living);
      for (let at = 0; at < modelRows.length; at += rowsPerStatement) {
        await manager.upsert(ModelCooldownEntity, modelRows.slice(at, at + rowsPerStatement), ['channelId', 'model']);
      }
    });
  }
}
