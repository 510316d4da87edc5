import type { ChannelId } from '../domain/channel.js';
import { isCooling, isForgotten, type Cooldown } from '../domain/cooldown.js';
import type { EpochMs } from '../domain/time.js';
import type { CooldownChange, StoredCooldown } from './stored-cooldown.js';

/** What can cool: a channel (`model` undefined) or a pair of channel and model. */
export interface Scope {
  readonly channelId: ChannelId;
  readonly model: string | undefined;
}

/** A scope of some channel that cools, and why. */
export interface CoolingScope {
  /** `undefined`: the channel, for every model. */
  readonly model: string | undefined;
  readonly until: EpochMs;
  readonly reason: string;
}

/** How many scopes cool. */
export interface CoolingCounts {
  readonly channels: number;
  readonly pairs: number;
}

/** A scope that changed; `liftedSince` as in `CooldownChange`. */
interface Dirty {
  readonly scope: Scope;
  readonly liftedSince: EpochMs | undefined;
}

/** One text per scope; ids are numbers, so the first space ends them. */
export const scopeName = ({ channelId, model }: Scope): string =>
  model === undefined ? String(channelId) : `${channelId} ${model}`;

/**
 * The cooldowns by scope, and which of them changed since they were last written. Asking for one that is not there
 * costs a map look-up and makes no garbage.
 */
export class ScopedCooldowns {
  private readonly ofChannels = new Map<ChannelId, Cooldown>();
  private readonly ofPairs = new Map<ChannelId, Map<string, Cooldown>>();
  private readonly dirty = new Map<string, Dirty>();
  private pairCount = 0;

  constructor(private readonly pairCooldownsMax: number) {}

  get size(): number {
    return this.ofChannels.size + this.pairCount;
  }

  ofChannel(channelId: ChannelId): Cooldown | undefined {
    return this.ofChannels.get(channelId);
  }

  ofPair(channelId: ChannelId, model: string): Cooldown | undefined {
    return this.ofPairs.get(channelId)?.get(model);
  }

  of({ channelId, model }: Scope): Cooldown | undefined {
    return model === undefined ? this.ofChannel(channelId) : this.ofPair(channelId, model);
  }

  modelsOf(channelId: ChannelId): readonly string[] {
    return [...(this.ofPairs.get(channelId)?.keys() ?? [])];
  }

  coolingCounts(now: EpochMs): CoolingCounts {
    let channels = 0;
    let pairs = 0;
    for (const cooldown of this.ofChannels.values()) if (isCooling(cooldown, now)) channels += 1;
    for (const ofChannel of this.ofPairs.values()) {
      for (const cooldown of ofChannel.values()) if (isCooling(cooldown, now)) pairs += 1;
    }
    return { channels, pairs };
  }

  /** Sets a cooldown that must be written. At the bound of pairs another one makes room: forgotten ones first. */
  put(scope: Scope, cooldown: Cooldown, now: EpochMs): void {
    this.store(scope, cooldown, now);
    this.markDirty(scope);
  }

  /** Sets a cooldown that was learnt from whoever writes it. */
  learn(scope: Scope, cooldown: Cooldown, now: EpochMs): void {
    this.store(scope, cooldown, now);
  }

  /** Every cooldown remembered. */
  all(): readonly StoredCooldown[] {
    const ofChannels = [...this.ofChannels].map(([channelId, cooldown]) => ({ channelId, model: undefined, cooldown }));
    const ofPairs = [...this.ofPairs].flatMap(([channelId, ofChannel]) =>
      [...ofChannel].map(([model, cooldown]) => ({ channelId, model, cooldown })),
    );
    return [...ofChannels, ...ofPairs];
  }

  /** False when there was none. */
  remove(scope: Scope): boolean {
    const since = this.of(scope)?.since;
    const removed = this.forget(scope);
    if (removed) this.markDirty(scope, since);
    return removed;
  }

  /** As `remove`, but nobody needs to be told. */
  forget({ channelId, model }: Scope): boolean {
    return model === undefined ? this.ofChannels.delete(channelId) : this.removePair(channelId, model);
  }

  /** Takes over what was stored; what is forgotten by now is dropped here, and from the table with the next changes. */
  restore(stored: readonly StoredCooldown[], now: EpochMs): void {
    for (const { channelId, model, cooldown } of stored) {
      if (isForgotten(cooldown, now)) this.markDirty({ channelId, model });
      else this.store({ channelId, model }, cooldown, now);
    }
  }

  /** The scopes that changed since the last call, as they are now. */
  takeChanges(): readonly CooldownChange[] {
    const changes = [...this.dirty.values()].map(({ scope, liftedSince }) => {
      const cooldown = this.of(scope);
      return cooldown === undefined && liftedSince !== undefined ? { ...scope, cooldown, liftedSince } : { ...scope, cooldown };
    });
    this.dirty.clear();
    return changes;
  }

  /** These could not be written: they are taken again with the next changes, as they are by then. */
  putBack(changes: readonly CooldownChange[]): void {
    for (const { channelId, model, liftedSince } of changes) this.markDirty({ channelId, model }, liftedSince);
  }

  private markDirty(scope: Scope, liftedSince?: EpochMs): void {
    this.dirty.set(scopeName(scope), { scope, liftedSince });
  }

  private store({ channelId, model }: Scope, cooldown: Cooldown, now: EpochMs): void {
    if (model === undefined) {
      this.ofChannels.set(channelId, cooldown);
      return;
    }
    if (this.ofPair(channelId, model) === undefined) {
      if (this.pairCount >= this.pairCooldownsMax) this.makeRoom(now);
      this.pairCount += 1;
    }
    const ofChannel = this.ofPairs.get(channelId) ?? new Map<string, Cooldown>();
    this.ofPairs.set(channelId, ofChannel.set(model, cooldown));
  }

  private removePair(channelId: ChannelId, model: string): boolean {
    const ofChannel = this.ofPairs.get(channelId);
    if (ofChannel === undefined || !ofChannel.delete(model)) return false;
    if (ofChannel.size === 0) this.ofPairs.delete(channelId);
    this.pairCount -= 1;
    return true;
  }

  /** Looks at every pair, which is slow; models come from the catalog, so the bound is only met by very large ones. */
  private makeRoom(now: EpochMs): void {
    let first: { scope: Scope; until: EpochMs } | undefined;
    for (const [channelId, ofChannel] of this.ofPairs) {
      for (const [model, cooldown] of ofChannel) {
        const scope = { channelId, model };
        if (isForgotten(cooldown, now)) this.remove(scope);
        else if (first === undefined || cooldown.until < first.until) first = { scope, until: cooldown.until };
      }
    }
    if (first !== undefined && this.pairCount >= this.pairCooldownsMax) this.remove(first.scope);
  }
}
