import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { CooldownService } from '../cooldown/cooldown.service.js';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import type { Channel, ChannelId } from '../domain/channel.js';
import { channelUrlProblem } from '../domain/endpoint.js';
import { changesOf, draftOf, isAnotherAccount } from './channel-changes.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import { channelView, type ChannelView } from './channel-view.js';
import type { CreateChannelDto, UpdateChannelDto } from './channel.dto.js';
import type { ChannelRepository } from './channel.repository.js';
import { WriteTurns } from './write-turns.js';

/** Why a write did not happen. `busy`: too many others wait for their turn. */
export type ChannelRefusal = 'name-taken' | 'unknown' | 'busy';

/** What the enabled channels come to. */
export interface ActiveCounts {
  readonly channels: number;
  readonly models: number;
}

/** Channels as the operator handles them. Whoever is told that a write succeeded finds it in force for the next request. */
@Injectable()
export class ChannelsService implements OnModuleInit {
  private readonly logger = new Logger('Channels');
  private readonly channels: Remote<ChannelRepository>;
  private readonly turns = new WriteTurns();

  constructor(
    database: Database,
    private readonly snapshot: ChannelSnapshot,
    private readonly cooldowns: CooldownService,
  ) {
    this.channels = database.remote('channels');
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
  }

  /** Best priority first, then by id. */
  list(): readonly ChannelView[] {
    return this.snapshot.all.map((channel) => this.view(channel));
  }

  find(id: ChannelId): ChannelView | 'unknown' {
    const found = this.snapshot.all.find((channel) => channel.id === id);
    return found === undefined ? 'unknown' : this.view(found);
  }

  activeCounts(): ActiveCounts {
    const { enabledChannels, models } = this.snapshot.catalog;
    return { channels: enabledChannels.size, models: models.length };
  }

  create(input: CreateChannelDto): Promise<ChannelView | ChannelRefusal> {
    return this.turns.take(async () => {
      const created = await this.channels.insert(draftOf(input), Date.now());
      if (created === 'name-taken') return created;
      await this.refresh();
      return this.view(created);
    });
  }

  update(id: ChannelId, input: UpdateChannelDto): Promise<ChannelView | ChannelRefusal> {
    return this.turns.take(async () => {
      const before = await this.channels.find(id);
      if (before === undefined) return 'unknown';
      const after = await this.channels.update(id, changesOf(input), Date.now());
      if (after === 'name-taken' || after === 'unknown') return after;
      await this.refresh();
      if (isAnotherAccount(before, after)) this.cooldowns.clear(id);
      return this.view(after);
    });
  }

  remove(id: ChannelId): Promise<'removed' | ChannelRefusal> {
    return this.turns.take(async () => {
      if (!(await this.channels.delete(id))) return 'unknown';
      await this.refresh();
      this.cooldowns.forgetChannel(id);
      return 'removed';
    });
  }

  /** Swaps the snapshot. A URL from an older file that cannot be used must not keep the others from working. */
  private async refresh(): Promise<void> {
    const stored = await this.channels.all();
    this.snapshot.replace(stored.map((channel) => this.usable(channel)));
  }

  private usable(channel: Channel): Channel {
    const problem = channelUrlProblem(channel.url);
    if (problem === undefined || !channel.enabled) return channel;
    this.logger.warn(`channel ${channel.id} is left out until its URL is mended: ${problem}`);
    return { ...channel, enabled: false };
  }

  private view(channel: Channel): ChannelView {
    const now = Date.now();
    return channelView(channel, this.cooldowns.coolingUntil(channel.id, now), now);
  }
}
