import { MoreThan, type DataSource, type Repository } from 'typeorm';
import { plainKeys, type KeySealer } from '../database/key-sealer.js';
import { isUniqueViolation } from '../database/constraint.js';
import { emptyJournal } from '../database/journal.js';
import type { Channel, ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';
import { ChannelEntity } from './channel.entity.js';
import type { ChannelDraft } from './channel-draft.js';

type ChannelColumns = Partial<Pick<ChannelEntity, 'name' | 'apiKey' | 'url' | 'priority' | 'models' | 'enabled'>>;

/** When a change happens, and what the one who makes it believes to change. */
export interface UpdateTerms {
  readonly now: EpochMs;
  readonly expectedUpdatedAt?: EpochMs | undefined;
}

/** A stored list that is not a JSON array of strings serves no model; the row is kept, so that an operator can mend it. */
const modelNamesOf = (json: string): readonly string[] => {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
};

const channelOf = (row: ChannelEntity, sealer: KeySealer): Channel => ({
  id: row.id,
  name: row.name,
  url: row.url,
  keys: [{ id: 1, secret: sealer.open(row.apiKey) }],
  models: modelNamesOf(row.models).map((name) => ({ name })),
  priority: row.priority,
  enabled: row.enabled,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

const columnsOf = ({ models, apiKey, ...others }: Partial<ChannelDraft>, sealer: KeySealer): ChannelColumns => ({
  ...others,
  ...(models === undefined ? {} : { models: JSON.stringify(models) }),
  ...(apiKey === undefined ? {} : { apiKey: sealer.seal(apiKey) }),
});

/** Channels in their table. Names are unique; that is told by a return value, never by an exception. */
export class ChannelRepository {
  private readonly rows: Repository<ChannelEntity>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly sealer: KeySealer = plainKeys,
  ) {
    this.rows = dataSource.getRepository(ChannelEntity);
  }

  /** Every channel, best priority first, then in the order of their ids. */
  async all(): Promise<readonly Channel[]> {
    const rows = await this.rows.find({ order: { priority: 'DESC', id: 'ASC' } });
    return rows.map((row) => channelOf(row, this.sealer));
  }

  /** At most `limit` channels in the order of their ids, those after `id`: what is too much to cross threads at once. */
  async after(id: ChannelId, limit: number): Promise<readonly Channel[]> {
    const rows = await this.rows.find({ where: { id: MoreThan(id) }, order: { id: 'ASC' }, take: limit });
    return rows.map((row) => channelOf(row, this.sealer));
  }

  async find(id: ChannelId): Promise<Channel | undefined> {
    const row = await this.rows.findOneBy({ id });
    return row === null ? undefined : channelOf(row, this.sealer);
  }

  /** Stores a new channel. Ids are never used twice, because log rows outlive their channels. */
  async insert(draft: ChannelDraft, now: EpochMs): Promise<Channel | 'name-taken'> {
    const { models, apiKey, ...others } = draft;
    const columns = { models: JSON.stringify(models), apiKey: this.sealer.seal(apiKey) };
    const row = { ...others, ...columns, createdAt: now, updatedAt: now };
    try {
      const { identifiers } = await this.rows.insert(row);
      return channelOf({ ...row, id: Number(identifiers[0]?.['id']) }, this.sealer);
    } catch (error) {
      if (isUniqueViolation(error)) return 'name-taken';
      throw error;
    }
  }

  /**
   * Changes what `changes` names and nothing else; returns the channel as it is afterwards. Every write has a later
   * `updatedAt` than the one before, also within one millisecond and when the clock was set back, so that whoever passes
   * the one they saw as `expectedUpdatedAt` is told `stale` when somebody else was faster.
   */
  async update(
    id: ChannelId,
    changes: Partial<ChannelDraft>,
    { now, expectedUpdatedAt }: UpdateTerms,
  ): Promise<Channel | 'name-taken' | 'unknown' | 'stale'> {
    const before = await this.rows.findOneBy({ id });
    if (before === null) return 'unknown';
    if (expectedUpdatedAt !== undefined && expectedUpdatedAt !== before.updatedAt) return 'stale';
    try {
      const updatedAt = Math.max(now, before.updatedAt + 1);
      // Another replica may have been faster since the row was read.
      const { affected } = await this.rows.update({ id, updatedAt: before.updatedAt }, { ...columnsOf(changes, this.sealer), updatedAt });
      if (affected === 0) return 'stale';
    } catch (error) {
      if (isUniqueViolation(error)) return 'name-taken';
      throw error;
    }
    if (changes.apiKey !== undefined) await emptyJournal(this.dataSource);
    return (await this.find(id)) ?? 'unknown';
  }

  /** Removes the channel with its cooldowns, and its key from the disk; its log rows stay. False when there was none. */
  async delete(id: ChannelId): Promise<boolean> {
    const { affected } = await this.rows.delete({ id });
    if (affected === 1) await emptyJournal(this.dataSource);
    return affected === 1;
  }
}
