import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { messageOf } from '../database/error-message.js';
import { NewsLine } from '../domain/news.js';
import type { Remote } from '../database/remote.js';
import { catalogSteps } from '../domain/catalog.js';
import type { Channel, ChannelId } from '../domain/channel.js';
import { channelKeyProblem } from '../domain/credentials.js';
import { channelUrlProblem } from '../domain/endpoint.js';
import { forbiddenHostProblem } from '../domain/forbidden-address.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import type { ChannelRepository } from './channel.repository.js';
import { inSlices } from './in-slices.js';
import { WriteTurns } from './write-turns.js';

/** Channels that cross from the database thread at once: about a millisecond's work for this one. */
const channelsPerRead = 250;

/** Best priority first, then as they came; without sorting thousands in one go. */
const byPriority = (pages: readonly (readonly Channel[])[]): readonly Channel[] => {
  const tiers = new Map<number, Channel[]>();
  for (const channel of pages.flat()) {
    const tier = tiers.get(channel.priority);
    if (tier === undefined) tiers.set(channel.priority, [channel]);
    else tier.push(channel);
  }
  return [...tiers].sort(([a], [b]) => b - a).flatMap(([, tier]) => tier);
};

/** Keeps what requests see and what the table holds the same: writes take turns, and each ends with a new snapshot. */
@Injectable()
export class LiveChannels implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Channels');
  private readonly turns = new WriteTurns();
  private isFollowing = false;
  private stopListening = (): void => undefined;
  readonly table: Remote<ChannelRepository>;

  constructor(
    database: Database,
    private readonly snapshot: ChannelSnapshot,
    private readonly settings: ConfigService<Config, true>,
    private readonly line: NewsLine,
  ) {
    this.table = database.remote('channels');
  }

  async onModuleInit(): Promise<void> {
    await this.reload();
    this.stopListening = this.line.listen({
      hear: ({ kind }) => {
        if (kind === 'channels') this.follow();
      },
      missed: () => this.follow(),
    });
  }

  onApplicationShutdown(): void {
    this.stopListening();
  }

  /** Every channel, best priority first, then by id. */
  get all(): readonly Channel[] {
    return this.snapshot.all;
  }

  /** Whether channels may lead to link-local and cloud metadata addresses. */
  get allowLinkLocal(): boolean {
    return this.settings.get('allowLinkLocal', { infer: true });
  }

  /** Why requests may not go to a URL, as a sentence; names are judged when they are looked up. */
  urlProblem(url: string): string | undefined {
    return channelUrlProblem(url) ?? (this.allowLinkLocal ? undefined : forbiddenHostProblem(url));
  }

  find(id: ChannelId): Channel | undefined {
    return this.snapshot.all.find((channel) => channel.id === id);
  }

  /** Lets one write happen at a time. What the work has written is in force when it calls `refresh`. */
  write<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    return this.turns.take(work);
  }

  /** What has been written is in force here, and told to the others. */
  async refresh(): Promise<void> {
    await this.reload();
    this.line.publish({ kind: 'channels' });
  }

  /** Another replica has written: its turn comes after those of the writes here, and once for all that is told meanwhile. */
  private follow(): void {
    if (this.isFollowing) return;
    this.isFollowing = true;
    const work = (): Promise<void> => {
      this.isFollowing = false;
      return this.reload();
    };
    this.turns.take(work).then(
      (outcome) => {
        if (outcome === 'busy') this.isFollowing = false;
      },
      (error: unknown) => this.logger.warn(`changes of other replicas are not in force yet: ${messageOf(error)}`),
    );
  }

  /** Swaps the snapshot, whole. Reads and builds it in slices, so that thousands of channels delay no stream. */
  private async reload(): Promise<void> {
    const pages: (readonly Channel[])[] = [];
    for (let last = 0, isMore = true; isMore; ) {
      const page = await this.table.after(last, channelsPerRead);
      pages.push(page.map((channel) => this.usable(channel)));
      last = page.at(-1)?.id ?? last;
      isMore = page.length === channelsPerRead;
    }
    const stored = byPriority(pages);
    this.snapshot.replace(stored, await inSlices(catalogSteps(stored)));
  }

  /** What an older file holds and cannot be used must not keep the others from working, nor look like a failing upstream. */
  private usable(channel: Channel): Channel {
    const problem = this.urlProblem(channel.url) ?? channelKeyProblem(channel.keys[0]?.secret ?? '');
    if (problem === undefined || !channel.enabled) return channel;
    this.logger.warn(`channel ${channel.id} is left out until it is mended: ${problem}`);
    return { ...channel, enabled: false };
  }
}
