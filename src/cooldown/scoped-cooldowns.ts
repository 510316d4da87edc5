import type { ChannelId } from '../domain/channel.js';
import { isByHand, isCooling, isForgotten, type Cooldown } from '../domain/cooldown.js';
import { begunBy, mergeKnowledge, placedAt, placeOf, unheardMsMax, type ScopeKnowledge } from '../domain/cooldown-merge.js';
import type { EpochMs } from '../domain/time.js';
import { Clears } from './clears.js';
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

/** One text per scope; ids are numbers, so the first space ends them. */
export const scopeName = ({ channelId, model }: Scope): string =>
  model === undefined ? String(channelId) : `${channelId} ${model}`;

const isSame = (a: Cooldown | undefined, b: Cooldown): boolean =>
  a?.since === b.since && a.place === b.place && a.until === b.until && a.durationMs === b.durationMs && a.proven === b.proven && a.reason === b.reason;

/**
 * The cooldowns by scope, and which of them changed since they were last written. Asking for one that is not there
 * costs a map look-up and makes no garbage.
 *
 * Lifts and places rule also where nobody is told anything: one process alone writes by them, and may find in its table
 * what it wrote before the clock was set back.
 */
export class ScopedCooldowns {
  private readonly ofChannels = new Map<ChannelId, Cooldown>();
  private readonly ofPairs = new Map<ChannelId, Map<string, Cooldown>>();
  private readonly dirty = new Map<string, Scope>();
  private readonly lifts = new Lifts();
  private readonly clears = new Clears();
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

  /**
   * Sets a cooldown that must be written, and returns it at its place. At the bound of pairs another one makes room: forgotten
   * ones first.
   */
  put(scope: Scope, cooldown: Cooldown, now: EpochMs): Cooldown {
    const before = this.of(scope);
    const isSameEpisode = before?.since === cooldown.since && !isByHand(cooldown);
    const behind = before === undefined ? 0 : placeOf(before) + (isSameEpisode ? 0 : 1);
    // One that was imposed in the millisecond of a lift comes after it.
    const placed = placedAt(cooldown, Math.max(placeOf(cooldown), cooldown.since, behind, this.liftOf(scope) + 1));
    this.store(scope, placed, now);
    this.markDirty(scope);
    return placed;
  }

  /** What other replicas need to know of a scope. */
  knowledgeOf(scope: Scope): ScopeKnowledge {
    const known = { cooldown: this.of(scope), liftedAt: this.liftOf(scope) };
    const clearedAt = this.clears.of(scope.channelId);
    return scope.model !== undefined || clearedAt === 0 ? known : { ...known, clearedAt };
  }

  /** When the channel is cleared that is cleared `now`: after whatever clear is known, also by a clock that was set back. */
  nextClearOf(channelId: ChannelId, now: EpochMs): EpochMs {
    return Math.max(now, this.clears.of(channelId) + 1);
  }

  /** The channel was cleared: what is known of its scopes is to be merged anew. False when that was known. */
  noteClear(channelId: ChannelId, clearedAt: EpochMs, now: EpochMs): boolean {
    return this.clears.note(channelId, clearedAt, now);
  }

  /** True when the channel was cleared since then, and an attempt from then tells nothing of what it is now. */
  isClearedSince(channelId: ChannelId, startedAt: EpochMs, now: EpochMs): boolean {
    return this.clears.isSince(channelId, startedAt, now);
  }

  /** Takes over what another replica knows, who also writes it. True when that changed anything here. */
  learn(scope: Scope, theirs: ScopeKnowledge, now: EpochMs): boolean {
    const before = this.of(scope);
    const heard = theirs.cooldown === undefined ? theirs : { ...theirs, cooldown: begunBy(theirs.cooldown, now) };
    const { cooldown, liftedAt } = mergeKnowledge(this.knowledgeOf(scope), heard);
    this.lifts.note(scopeName(scope), liftedAt);
    if (cooldown === undefined) return this.take(scope);
    if (isForgotten(cooldown, now) || isSame(before, cooldown)) return false;
    this.store(scope, cooldown, now);
    return true;
  }

  /** As `learn`, and it is to be written from here. */
  enter(scope: Scope, theirs: ScopeKnowledge, now: EpochMs): boolean {
    const isNews = this.learn(scope, theirs, now);
    if (isNews) this.markDirty(scope);
    return isNews;
  }

  /** Every cooldown remembered. */
  all(): readonly StoredCooldown[] {
    return this.scopes().flatMap((scope) => {
      const cooldown = this.of(scope);
      return cooldown === undefined ? [] : [{ ...scope, cooldown }];
    });
  }

  /** What is not in the table, although whoever imposed it had the time to write it, has been lifted elsewhere. */
  missingFrom(stored: readonly StoredCooldown[], writtenBy: EpochMs): readonly Scope[] {
    const there = new Set(stored.map(scopeName));
    return this.scopes().filter((scope) => {
      const name = scopeName(scope);
      return !there.has(name) && !this.dirty.has(name) && (this.of(scope)?.since ?? 0) < writtenBy;
    });
  }

  /** Replaces a cooldown without writing it; for what does not outlive the process anyway. */
  amend({ channelId, model }: Scope, cooldown: Cooldown): void {
    if (model === undefined) this.ofChannels.set(channelId, cooldown);
    else this.ofPairs.get(channelId)?.set(model, cooldown);
  }

  /** Lifts what was imposed until then, if there is anything. False when there was none. */
  remove(scope: Scope, liftedAt: EpochMs): boolean {
    this.lifts.note(scopeName(scope), liftedAt);
    const removed = this.take(scope);
    if (removed) this.markDirty(scope);
    return removed;
  }

  /** Takes over what was stored; what is forgotten by now is dropped here, and from the table with the next changes. */
  restore(stored: readonly StoredCooldown[], now: EpochMs): void {
    for (const { channelId, model, cooldown } of stored) {
      if (isForgotten(cooldown, now)) this.markDirty({ channelId, model });
      else this.store({ channelId, model }, begunBy(cooldown, now), now);
    }
  }

  /** The scopes that changed since the last call, as they are now. */
  takeChanges(): readonly CooldownChange[] {
    const changes = [...this.dirty.values()].map((scope) => this.changeOf(scope));
    this.dirty.clear();
    return changes;
  }

  /** These could not be written: they are taken again with the next changes, as they are by then. */
  putBack(changes: readonly CooldownChange[]): void {
    for (const { channelId, model } of changes) this.markDirty({ channelId, model });
  }

  private changeOf(scope: Scope): CooldownChange {
    const { cooldown, liftedAt } = this.knowledgeOf(scope);
    return liftedAt === 0 ? { ...scope, cooldown } : { ...scope, cooldown, liftedAt };
  }

  private liftOf(scope: Scope): EpochMs {
    const clearedAt = this.clears.of(scope.channelId);
    return Math.max(this.lifts.of(scopeName(scope)), clearedAt === 0 ? 0 : clearedAt + unheardMsMax);
  }

  private scopes(): readonly Scope[] {
    const channels: Scope[] = [...this.ofChannels.keys()].map((channelId) => ({ channelId, model: undefined }));
    const pairs = [...this.ofPairs].flatMap(([channelId, models]) => [...models.keys()].map((model) => ({ channelId, model })));
    return [...channels, ...pairs];
  }

  private take({ channelId, model }: Scope): boolean {
    return model === undefined ? this.ofChannels.delete(channelId) : this.removePair(channelId, model);
  }

  /** Makes room; says nothing about the channel. */
  private drop(scope: Scope): void {
    if (this.take(scope)) this.markDirty(scope);
  }

  private markDirty(scope: Scope): void {
    this.dirty.set(scopeName(scope), scope);
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
