import { BadRequestException, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { CooldownService } from '../cooldown/cooldown.service.js';
import type { Channel, ChannelId } from '../domain/channel.js';
import { channelUrlFault, type ChannelUrlFault } from '../domain/endpoint.js';
import type { Caller } from '../http/caller.js';
import { changedFields, changesOf, draftOf, draftOfCopy, isAnotherAccount } from './channel-changes.js';
import { channelBounds, faultyFields, type ChannelValues } from './channel-problems.js';
import { ChannelSnapshot } from './channel-snapshot.js';
import { channelView, type ChannelView } from './channel-view.js';
import type { ChannelUpdate, NewChannel } from './channel.dto.js';
import { copyName } from './copy-name.js';
import { LiveChannels } from './live-channels.js';

/** Why a write did not happen. `busy`: too many others wait for their turn; `stale`: somebody else was faster. */
export type ChannelRefusal = 'name-taken' | 'unknown' | 'busy' | 'stale';

/** What the enabled channels come to. */
export interface ActiveCounts {
  readonly channels: number;
  readonly models: number;
}

const targetOf = (id: ChannelId): string => `channel ${id}`;

/** Channels as the operator handles them. Whoever is told that a write succeeded finds it in force for the next request. */
@Injectable()
export class ChannelsService {
  /** How long and how many what is entered may be. */
  readonly bounds = channelBounds;

  constructor(
    private readonly live: LiveChannels,
    private readonly snapshot: ChannelSnapshot,
    private readonly cooldowns: CooldownService,
    private readonly audit: AuditService,
  ) {}

  /** Best priority first, then by id. */
  list(): readonly ChannelView[] {
    return this.live.all.map((channel) => this.view(channel));
  }

  find(id: ChannelId): ChannelView | 'unknown' {
    const found = this.live.find(id);
    return found === undefined ? 'unknown' : this.view(found);
  }

  activeCounts(): ActiveCounts {
    const { enabledChannels, models } = this.snapshot.catalog;
    return { channels: enabledChannels.size, models: models.length };
  }

  /** The fields whose values `create` and `update` expect not to get. */
  faults(values: ChannelValues): readonly (keyof ChannelValues)[] {
    const fields = faultyFields(values);
    return fields.includes('url') || this.urlFault(values.url) === undefined ? fields : [...fields, 'url'];
  }

  /** Why requests may not go to a URL; `forbidden` by the configuration. */
  urlFault(url: string): ChannelUrlFault | 'forbidden' | undefined {
    return channelUrlFault(url) ?? (this.live.urlProblem(url) === undefined ? undefined : 'forbidden');
  }

  /** Throws 400 for an address that is not allowed. */
  async create(input: NewChannel, caller: Caller): Promise<ChannelView | ChannelRefusal> {
    this.refuseForbidden(input.url);
    return this.live.write(async () => {
      const created = await this.live.table.insert(draftOf(input), Date.now());
      if (created === 'name-taken') return created;
      await this.live.refresh();
      await this.audit.noteAfterwards(caller, { action: 'channel-created', target: targetOf(created.id), detail: `name ${created.name}` });
      return this.view(created);
    });
  }

  /** A copy with a name of its own and everything else the same, the key too; it is disabled until somebody enables it. */
  copy(id: ChannelId, caller: Caller): Promise<ChannelView | ChannelRefusal> {
    return this.live.write(async () => {
      const original = this.live.find(id);
      if (original === undefined) return 'unknown';
      const name = copyName(original.name, new Set(this.live.all.map((channel) => channel.name)));
      const created = await this.live.table.insert({ ...draftOfCopy(original), name }, Date.now());
      if (created === 'name-taken') return created;
      await this.live.refresh();
      const detail = `name ${name}, copied from ${targetOf(id)}`;
      await this.audit.noteAfterwards(caller, { action: 'channel-created', target: targetOf(created.id), detail });
      return this.view(created);
    });
  }

  /** Throws 400 for an address that is not allowed. */
  async update(id: ChannelId, input: ChannelUpdate, caller: Caller): Promise<ChannelView | ChannelRefusal> {
    if (input.url !== undefined) this.refuseForbidden(input.url);
    return this.live.write(async () => {
      const before = await this.live.table.find(id);
      if (before === undefined) return 'unknown';
      const terms = { now: Date.now(), expectedUpdatedAt: input.updated_at };
      const after = await this.live.table.update(id, changesOf(input), terms);
      if (after === 'name-taken' || after === 'unknown' || after === 'stale') return after;
      await this.live.refresh();
      if (isAnotherAccount(before, after)) await this.cooldowns.clearAndStore(id);
      const detail = `changed: ${changedFields(before, after).join(', ') || 'nothing'}`;
      await this.audit.noteAfterwards(caller, { action: 'channel-updated', target: targetOf(id), detail });
      return this.view(after);
    });
  }

  remove(id: ChannelId, caller: Caller): Promise<'removed' | ChannelRefusal> {
    return this.live.write(async () => {
      const name = this.live.find(id)?.name ?? '';
      if (!(await this.live.table.delete(id))) return 'unknown';
      await this.live.refresh();
      this.cooldowns.forgetChannel(id);
      await this.audit.noteAfterwards(caller, { action: 'channel-deleted', target: targetOf(id), detail: `name ${name}` });
      return 'removed';
    });
  }

  /** The key in clear. Rejects, and shows nothing, when it cannot be noted who has seen it. */
  async key(id: ChannelId, caller: Caller): Promise<{ readonly api_key: string } | 'unknown'> {
    const channel = this.live.find(id);
    if (channel === undefined) return 'unknown';
    await this.audit.note(caller, { action: 'key-shown', target: targetOf(id) });
    return { api_key: channel.keys[0]?.secret ?? '' };
  }

  /** Cools the channel for every model, in force at once. */
  async coolDown(id: ChannelId, durationMs: number, caller: Caller): Promise<ChannelView | 'unknown'> {
    if (this.live.find(id) === undefined) return 'unknown';
    await this.cooldowns.setAndStore(id, durationMs, Date.now());
    await this.audit.noteAfterwards(caller, { action: 'cooldown-set', target: targetOf(id), detail: `for ${durationMs} ms` });
    return this.find(id);
  }

  /** Ends the cooldowns of the channel and of its models, in force at once. */
  async endCooldown(id: ChannelId, caller: Caller): Promise<ChannelView | 'unknown'> {
    if (this.live.find(id) === undefined) return 'unknown';
    await this.cooldowns.clearAndStore(id);
    await this.audit.noteAfterwards(caller, { action: 'cooldown-cleared', target: targetOf(id) });
    return this.find(id);
  }

  /** The rest of the URL has been looked at with the other fields; only this depends on the configuration. */
  private refuseForbidden(url: string): void {
    const problem = this.live.urlProblem(url);
    if (problem !== undefined) throw new BadRequestException(problem);
  }

  private view(channel: Channel): ChannelView {
    const now = Date.now();
    return channelView(channel, this.cooldowns.coolingUntil(channel.id, now), now);
  }
}
