import type { ChannelId } from '../domain/channel.js';
import { isCooling, isForgotten, type Cooldown } from '../domain/cooldown.js';
import { mergeKnowledge, type ScopeKnowledge } from '../domain/cooldown-merge.js';
import type { EpochMs } from '../domain/time.js';
import { Lifts } from './lifts.js';
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

const isSame = (a: Cooldown | undefined, b: Cooldown): boolean =>
  a?.since === b.since && a.until === b.until && a.durationMs === b.durationMs && a.proven === b.proven && a.reason === b.reason;

/**
 * The cooldowns by scope, and which of them changed since they were last written. Asking for one that is not there
 * costs a map look-up and makes no garbage.
 */
export class ScopedCooldowns {
  private readonly ofChannels = new Map<ChannelId, Cooldown>();
  private readonly ofPairs = new Map<ChannelId, Map<string, Cooldown>>();
  private readonly dirty = new Map<string, Dirty>();
  private readonly lifts = new Lifts();
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

  /** What has been lifted is over, also when news of it comes late: one that is imposed in the moment of a lift comes after it. */
  afterLift(scope: Scope, cooldown: Cooldown): Cooldown {
    const liftedAt = this.lifts.of(scopeName(scope));
    return liftedAt === 0 || cooldown.since > liftedAt ? cooldown : { ...cooldown, since: liftedAt + 1 };
  }

  /** What other replicas need to know of a scope. */
  knowledgeOf(scope: Scope): ScopeKnowledge {
    return { cooldown: this.of(scope), liftedAt: this.lifts.of(scopeName(scope)) };
  }

  /** Takes over what another replica knows, who also writes it. True when that changed anything here. */
  merge(scope: Scope, theirs: ScopeKnowledge, now: EpochMs): boolean {
    const before = this.of(scope);
    const { cooldown, liftedAt } = mergeKnowledge(this.knowledgeOf(scope), theirs);
    this.lifts.note(scopeName(scope), liftedAt);
    if (cooldown === undefined) return this.forget(scope);
    if (isForgotten(cooldown, now) || isSame(before, cooldown)) return false;
    this.store(scope, cooldown, now);
    return true;
  }

  /** What is not in the table, although whoever imposed it had the time to write it, has been lifted elsewhere. */
  missingFrom(stored: readonly StoredCooldown[], writtenBy: EpochMs): readonly StoredCooldown[] {
    const there = new Set(stored.map(scopeName));
    return this.all().filter((known) => {
      const name = scopeName(known);
      return !there.has(name) && !this.dirty.has(name) && known.cooldown.since < writtenBy;
    });
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
    if (since === undefined) return false;
    this.lifts.note(scopeName(scope), since);
    this.markDirty(scope, since);
    return this.forget(scope);
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

  /** Makes room; says nothing about the channel. */
  private drop(scope: Scope): void {
    this.markDirty(scope, this.of(scope)?.since);
    this.forget(scope);
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
        if (isForgotten(cooldown, now)) this.drop(scope);
        else if (first === undefined || cooldown.until < first.until) first = { scope, until: cooldown.until };
      }
    }
    if (first !== undefined && this.pairCount >= this.pairCooldownsMax) this.drop(first.scope);
  }
}
