import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { WriteBehind } from '../database/write-behind.js';
import type { ChannelId } from '../domain/channel.js';
import { secondMs, type EpochMs } from '../domain/time.js';
import type { CooldownRepository } from './cooldown.repository.js';
import { MemoryCooldownBook, type CooldownListener } from './memory-cooldown-book.js';
import type { CoolingCounts, CoolingScope } from './scoped-cooldowns.js';
import type { CooldownChange } from './stored-cooldown.js';

/** A cooldown is in the table by then: it is written once a second. */
const writtenWithinMs = 3 * secondMs;

/** Carries cooldowns from their table to memory at the start and behind it from then on; the operator's hand on them. */
@Injectable()
export class CooldownService implements OnModuleInit, OnApplicationShutdown {
  private readonly table: Remote<CooldownRepository>;
  private readonly behind: WriteBehind<CooldownChange>;

  constructor(
    database: Database,
    private readonly book: MemoryCooldownBook,
  ) {
    this.table = database.remote('cooldowns');
    this.behind = new WriteBehind('cooldowns', book, (changes) => this.table.apply(changes));
  }

  async onModuleInit(): Promise<void> {
    this.book.restore(await this.table.all(), Date.now());
  }

  @Interval(secondMs) async flush(): Promise<void> {
    await this.behind.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.behind.flush();
  }

  /**
   * Takes over what the table says, when news of other replicas may have been missed: what changed here goes first. Never
   * rejects: who cannot read will be told again.
   */
  async reconcile(): Promise<void> {
    await this.behind.flush();
    const stored = await this.table.all().catch(() => undefined);
    const now = Date.now();
    if (stored !== undefined) this.book.reconcile(stored, { now, writtenBy: now - writtenWithinMs });
  }

  /** When the channel's own cooldown ends; `undefined` while it has none. */
  coolingUntil(channelId: ChannelId, now: EpochMs): EpochMs | undefined {
    return this.book.coolingUntil(channelId, now)?.until;
  }

  /** What cools of the channel: itself (`model` undefined) and its models, in that order. */
  coolingScopes(channelId: ChannelId, now: EpochMs): readonly CoolingScope[] {
    return this.book.coolingScopes(channelId, now);
  }

  /** Cooldowns in force, of whole channels and of pairs of channel and model. */
  coolingCounts(now: EpochMs): CoolingCounts {
    return this.book.coolingCounts(now);
  }

  /** Tells of every cooldown that begins, changes or is lifted. Returns how to stop. */
  onChange(listener: CooldownListener): () => void {
    return this.book.onChange(listener);
  }

  /** Cools the channel for every model, in force at once; resolves when it is stored, or has been tried and waits. */
  async setAndStore(channelId: ChannelId, durationMs: number, now: EpochMs): Promise<void> {
    this.book.set(channelId, durationMs, now);
    await this.behind.flush();
  }

  /** Ends the cooldowns of the channel and of its models, in force at once; resolves as above. */
  async clearAndStore(channelId: ChannelId): Promise<void> {
    this.book.clear(channelId, Date.now());
    await this.behind.flush();
  }

  /** Ends the cooldowns of the channel and of its models, in force at once. */
  clear(channelId: ChannelId): void {
    this.book.clear(channelId, Date.now());
  }

  forgetChannel(channelId: ChannelId): void {
    this.book.forgetChannel(channelId, Date.now());
  }
}
