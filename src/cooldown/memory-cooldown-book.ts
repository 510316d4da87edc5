import type { ChannelId } from '../domain/channel.js';
import {
  cooldownMsMax,
  isCooling,
  isFromBefore,
  operatorReason,
  penalise,
  standingOf,
  stricter,
  type Cooldown,
  type Penalty,
  type Standing,
  type Trial,
} from '../domain/cooldown.js';
import { begunBy, placeOf, unheardMsMax, type ScopeKnowledge } from '../domain/cooldown-merge.js';
import type { CooldownBook } from '../domain/ports.js';
import type { EpochMs } from '../domain/time.js';
import { probeHoldMsMin, ProbePlaces } from './probe-places.js';
import { ScopedCooldowns, scopeName, type CoolingCounts, type CoolingScope, type Scope } from './scoped-cooldowns.js';
import type { CooldownChange, StoredCooldown } from './stored-cooldown.js';

export const pairCooldownsMax = 10_000;

export interface CooldownBookOptions {
  /** A number in [0, 1): spreads cooldowns, so that channels felled together do not wake together. */
  readonly random: () => number;
  readonly pairCooldownsMax?: number;
  /** How long a probe place is held that nobody gives back; `probeHoldMsMin` unless attempts may take longer. */
  readonly probeHoldMs?: number;
}

/** What happened here and not elsewhere: a scope stands otherwise, or a probe of a pair begins or ends. */
export type OwnNews =
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'probe'; readonly pair: Scope; readonly isRunning: boolean };

export type CooldownListener = (change: CooldownChange) => void;

/** Hears that a channel was cleared, whether or not something of it cooled. */
export type ClearListener = (channelId: ChannelId) => void;

const open: Standing = { kind: 'open' };

const pairOf = ({ channelId, model }: Scope): Scope => ({ channelId, model });

const scopesOf = ({ channelId, model }: Trial): readonly Scope[] => [
  { channelId, model: undefined },
  { channelId, model },
];

/**
 * The cooldowns in memory, where they rule; the tables follow behind. What decides is policy (domain/cooldown); this
 * class remembers. A probe place belongs to the pair that took it, and every verdict on that pair gives it back.
 */
export class MemoryCooldownBook implements CooldownBook {
  private readonly cooldowns: ScopedCooldowns;
  private readonly places: ProbePlaces;
  private readonly listeners = new Set<CooldownListener>();
  private readonly clearListeners = new Set<ClearListener>();
  private tellElsewhere: (news: OwnNews) => void = () => undefined;
  private readonly random: () => number;

  constructor(options: CooldownBookOptions) {
    this.random = options.random;
    this.places = new ProbePlaces(options.probeHoldMs ?? probeHoldMsMin);
    this.cooldowns = new ScopedCooldowns(options.pairCooldownsMax ?? pairCooldownsMax);
  }

  /** Scopes remembered, those whose cooldown has ended but not been forgotten included. */
  get size(): number {
    return this.cooldowns.size;
  }

  standing(channelId: ChannelId, model: string, now: EpochMs): Standing {
    const whole = this.cooldowns.ofChannel(channelId);
    const pair = this.cooldowns.ofPair(channelId, model);
    if (whole === undefined && pair === undefined) return open;
    return stricter(
      this.standingOfScope({ channelId, model: undefined }, whole, now),
      this.standingOfScope({ channelId, model }, pair, now),
    );
  }

  beginProbe(trial: Trial): boolean {
    const closed = scopesOf(trial).filter(
      (scope) => standingOf(this.cooldowns.of(scope), false, trial.startedAt).kind !== 'open',
    );
    if (closed.some((scope) => this.places.isTaken(scopeName(scope), trial.startedAt))) return false;
    if (closed.length === 0) return true;
    const pair = pairOf(trial);
    for (const scope of closed) {
      this.places.take(scopeName(scope), pair, trial.startedAt);
      // Who tests a cooldown is not from before it, even if the clock was set back meanwhile.
      const cooldown = this.cooldowns.of(scope);
      if (cooldown !== undefined && trial.startedAt < cooldown.since) this.cooldowns.amend(scope, begunBy(cooldown, trial.startedAt));
    }
    this.tellElsewhere({ kind: 'probe', pair, isRunning: true });
    return true;
  }

  endProbe(trial: Trial): void {
    if (this.places.size === 0) return;
    for (const scope of scopesOf(trial)) this.release(scope, trial);
  }

  commit(trial: Trial): void {
    if (this.isUntouched(trial)) return;
    for (const scope of scopesOf(trial)) {
      const cooldown = this.cooldowns.of(scope);
      if (cooldown === undefined || isFromBefore(trial, cooldown)) continue;
      this.cooldowns.amend(scope, { ...cooldown, proven: true });
      this.tellElsewhere({ kind: 'scope', scope });
      this.release(scope, trial);
    }
  }

  succeed(trial: Trial): void {
    if (this.isUntouched(trial)) return;
    for (const scope of scopesOf(trial)) {
      const cooldown = this.cooldowns.of(scope);
      if (cooldown !== undefined && isFromBefore(trial, cooldown)) continue;
      this.remove(scope, cooldown === undefined ? trial.startedAt : Math.max(trial.startedAt, placeOf(cooldown)));
      this.release(scope, trial);
    }
  }

  penalise(trial: Trial, penalty: Penalty, now: EpochMs): void {
    const { channelId, model, startedAt } = trial;
    for (const scope of scopesOf(trial)) {
      const cooldown = this.cooldowns.of(scope);
      // An attempt from before the current cooldown is not the probe that runs now: it must not free that one's place.
      if (cooldown === undefined || !isFromBefore(trial, cooldown)) this.release(scope, trial);
    }
    // It was made with a key, at an address or before a word of the operator that is no more.
    if (this.cooldowns.isClearedSince(channelId, startedAt, now)) return;
    const scope: Scope = { channelId, model: penalty.scope === 'channel' ? undefined : model };
    const before = this.cooldowns.of(scope);
    const after = penalise(before, penalty, { startedAt, now, jitter: this.random() });
    if (after !== before) this.put(scope, after, now);
  }

  /** Cools a channel by hand, in force at once; it ends like any other cooldown, with a probe. */
  set(channelId: ChannelId, durationMs: number, now: EpochMs): void {
    const cooldown: Cooldown = {
      until: now + durationMs,
      durationMs: Math.min(durationMs, cooldownMsMax),
      since: now,
      reason: operatorReason,
      proven: false,
      place: now + unheardMsMax,
    };
    this.put({ channelId, model: undefined }, cooldown, now);
  }

  /**
   * Forgets the cooldown of a channel and of all its pairs, and what attempts under way will say of them: by hand, or
   * because its URL or key is another now.
   */
  clear(channelId: ChannelId, now: EpochMs): void {
    const clearedAt = this.cooldowns.nextClearOf(channelId, now);
    this.cooldowns.noteClear(channelId, clearedAt, now);
    const models = [undefined, ...this.cooldowns.modelsOf(channelId)];
    for (const model of models) {
      const scope = { channelId, model };
      const cooldown = this.cooldowns.of(scope);
      this.remove(scope, Math.max(clearedAt + unheardMsMax, cooldown === undefined ? 0 : placeOf(cooldown)));
      this.places.free(scopeName(scope));
      // Others may know of a cooldown that has not been heard of here.
      this.tellElsewhere({ kind: 'scope', scope });
    }
    this.tellCleared(channelId);
  }

  /** The channel is gone. */
  forgetChannel(channelId: ChannelId, now: EpochMs): void {
    this.clear(channelId, now);
  }

  /** The cooldown of the whole channel, while it cools. */
  coolingUntil(channelId: ChannelId, now: EpochMs): { readonly until: EpochMs; readonly reason: string } | undefined {
    const cooldown = this.cooldowns.ofChannel(channelId);
    if (cooldown === undefined || !isCooling(cooldown, now)) return undefined;
    return { until: cooldown.until, reason: cooldown.reason };
  }

  /** What cools of a channel: itself (`model` undefined) and its models, in that order. */
  coolingScopes(channelId: ChannelId, now: EpochMs): readonly CoolingScope[] {
    return [undefined, ...this.cooldowns.modelsOf(channelId)].flatMap((model) => {
      const cooldown = this.cooldowns.of({ channelId, model });
      return cooldown !== undefined && isCooling(cooldown, now) ? [{ model, until: cooldown.until, reason: cooldown.reason }] : [];
    });
  }

  /** How many cool at `now`; looks at every one, so it is for the metrics and not for the request path. */
  coolingCounts(now: EpochMs): CoolingCounts {
    return this.cooldowns.coolingCounts(now);
  }

  /** Takes over what was stored when the program last ran, with what is left of each. */
  restore(stored: readonly StoredCooldown[], now: EpochMs): void {
    this.cooldowns.restore(stored, now);
  }

  /** What changed since the last call, one change per scope. */
  takeChanges(): readonly CooldownChange[] {
    return this.cooldowns.takeChanges();
  }

  /** These could not be stored and will be taken again. */
  putBack(changes: readonly CooldownChange[]): void {
    this.cooldowns.putBack(changes);
  }

  /** Tells of every cooldown that begins, changes or is lifted (not of one that ends by itself). Returns how to stop. */
  onChange(listener: CooldownListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Tells of every channel that is cleared, here or by another replica. */
  onClear(listener: ClearListener): void {
    this.clearListeners.add(listener);
  }

  /** Tells one listener what happens here, for those who act as one with this replica. */
  tellOthers(listener: (news: OwnNews) => void): void {
    this.tellElsewhere = listener;
  }

  knowledgeOf(scope: Scope): ScopeKnowledge {
    return this.cooldowns.knowledgeOf(scope);
  }

  /** Another replica knows this of a scope. What came of it is in force at once, and told to listeners. */
  learn(scope: Scope, knowledge: ScopeKnowledge, now: EpochMs): void {
    this.learnClear(scope.channelId, knowledge, now);
    if (this.cooldowns.learn(scope, knowledge, now)) this.tell({ ...scope, cooldown: this.cooldowns.of(scope) });
  }

  /** A worker of this program knows this of a scope: as `learn`, and for this process to store and to tell other replicas. False: it was no news. */
  enter(scope: Scope, knowledge: ScopeKnowledge, now: EpochMs): boolean {
    if (!this.cooldowns.enter(scope, knowledge, now)) return false;
    this.tellElsewhere({ kind: 'scope', scope });
    this.tell({ ...scope, cooldown: this.cooldowns.of(scope) });
    return true;
  }

  /** Everything remembered, for a process that begins to share it. */
  all(): readonly StoredCooldown[] {
    return this.cooldowns.all();
  }

  /** The table as it is now, when news may have been missed; `writtenBy`: what was imposed before is in it, or lifted. */
  reconcile(stored: readonly StoredCooldown[], { now, writtenBy }: { readonly now: EpochMs; readonly writtenBy: EpochMs }): void {
    for (const { cooldown, ...scope } of stored) this.learn(scope, { cooldown, liftedAt: 0 }, now);
    for (const scope of this.cooldowns.missingFrom(stored, writtenBy)) {
      const cooldown = this.cooldowns.of(scope);
      if (cooldown !== undefined) this.learn(scope, { cooldown: undefined, liftedAt: placeOf(cooldown) }, now);
    }
  }

  /** Another replica probes the pair, or has ended it: its places are taken here too, until it is no longer heard of. */
  probeElsewhere(pair: Trial, from: string, isRunning: boolean): void {
    for (const scope of scopesOf(pair)) {
      const holder = `@${from} ${scopeName(pair)}`;
      if (!isRunning) this.places.release(scopeName(scope), holder);
      else if (standingOf(this.cooldowns.of(scope), false, pair.startedAt).kind !== 'open') {
        this.places.takeElsewhere(scopeName(scope), holder, pair.startedAt);
      }
    }
  }

  /** The pairs that are being probed here. */
  probesHere(now: EpochMs): readonly Scope[] {
    return this.places.probesHere(now);
  }

  /** The usual case, answered without making garbage: no cooldown, and no probe that might hold a place. */
  private isUntouched({ channelId, model }: Trial): boolean {
    return (
      this.places.size === 0 &&
      this.cooldowns.ofChannel(channelId) === undefined &&
      this.cooldowns.ofPair(channelId, model) === undefined
    );
  }

  private standingOfScope(scope: Scope, cooldown: Cooldown | undefined, now: EpochMs): Standing {
    if (cooldown === undefined) return open;
    return standingOf(cooldown, this.places.isTaken(scopeName(scope), now), now);
  }

  private release(scope: Scope, holder: Scope): void {
    if (this.places.release(scopeName(scope), scopeName(holder))) this.tellElsewhere({ kind: 'probe', pair: pairOf(holder), isRunning: false });
  }

  private put(scope: Scope, imposed: Cooldown, now: EpochMs): void {
    const cooldown = this.cooldowns.put(scope, imposed, now);
    this.tellElsewhere({ kind: 'scope', scope });
    this.tell({ ...scope, cooldown });
  }

  /** A clear ends also what is known here of the channel's models, and was not known where it was cleared. */
  private learnClear(channelId: ChannelId, { clearedAt }: ScopeKnowledge, now: EpochMs): void {
    if (clearedAt === undefined || !this.cooldowns.noteClear(channelId, clearedAt, now)) return;
    for (const model of this.cooldowns.modelsOf(channelId)) this.learn({ channelId, model }, { cooldown: undefined, liftedAt: 0 }, now);
    this.tellCleared(channelId);
  }

  private tellCleared(channelId: ChannelId): void {
    for (const listener of this.clearListeners) listener(channelId);
  }

  private remove(scope: Scope, liftedAt: EpochMs): void {
    if (!this.cooldowns.remove(scope, liftedAt)) return;
    this.tellElsewhere({ kind: 'scope', scope });
    this.tell({ ...scope, cooldown: undefined });
  }

  private tell(change: CooldownChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
