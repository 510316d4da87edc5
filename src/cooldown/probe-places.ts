import type { EpochMs } from '../domain/time.js';
import { minuteMs, secondMs } from '../domain/time.js';
import { scopeName, type Scope } from './scoped-cooldowns.js';

/** The least time for which a place is held that nobody gives back. */
export const probeHoldMsMin = 15 * minuteMs;

/** How long an attempt may take to its commit; ms. */
export interface ProbeTimes {
  readonly connectTimeoutMs: number;
  readonly firstEventTimeoutMs: number;
  readonly responseTimeoutMs: number;
}

/**
 * A place that nobody gave back is free again after this time: longer than an attempt may take, twice where its connection
 * had gone stale, so that a probe never loses its place, and with an end, so that a fault of ours cannot shut a channel out
 * for good.
 */
export const probeHoldMsFor = ({ connectTimeoutMs, firstEventTimeoutMs, responseTimeoutMs }: ProbeTimes): number =>
  Math.max(probeHoldMsMin, 2 * (connectTimeoutMs + Math.max(firstEventTimeoutMs, responseTimeoutMs)));

/** A probe of another replica is told of again and again while it runs; when that ends, so does the replica, or the line to it. */
export const probeElsewhereHoldMsMax = 4 * secondMs;

interface Place {
  readonly holder: string;
  /** The pair that is probed, when it is probed here. */
  readonly probe: Scope | undefined;
  readonly freeAt: EpochMs;
}

/**
 * The single probe place of each scope, and which pair (channel, model) holds it. The pair is enough to name the holder: while
 * it has the place no other attempt of the pair gets in, and one that is older than the cooldown gives nothing back. One that
 * began after it, while everyone was admitted, might free the place too early; then two probes run, which is the worst of it.
 */
export class ProbePlaces {
  private readonly places = new Map<string, Place>();

  constructor(private readonly holdMs: number) {}

  get size(): number {
    return this.places.size;
  }

  /** The pairs that are being probed here. */
  probesHere(now: EpochMs): readonly Scope[] {
    const probes = new Map<string, Scope>();
    for (const { probe, holder, freeAt } of this.places.values()) if (probe !== undefined && now < freeAt) probes.set(holder, probe);
    return [...probes.values()];
  }

  isTaken(scope: string, now: EpochMs): boolean {
    const place = this.places.get(scope);
    return place !== undefined && now < place.freeAt;
  }

  take(scope: string, probe: Scope, now: EpochMs): void {
    this.places.set(scope, { holder: scopeName(probe), probe, freeAt: now + this.holdMs });
  }

  /** For a probe of another replica, unless somebody else's is running; renews what that probe has taken before. */
  takeElsewhere(scope: string, holder: string, now: EpochMs): void {
    if (this.isTaken(scope, now) && !this.isHeldBy(scope, holder)) return;
    this.places.set(scope, { holder, probe: undefined, freeAt: now + probeElsewhereHoldMsMax });
  }

  isHeldBy(scope: string, holder: string): boolean {
    return this.places.get(scope)?.holder === holder;
  }

  /** Gives a place back, if this holder has it: a channel's place may belong to a probe for another model. False when not. */
  release(scope: string, holder: string): boolean {
    return this.isHeldBy(scope, holder) && this.places.delete(scope);
  }

  /** Frees the place whoever holds it. */
  free(scope: string): void {
    this.places.delete(scope);
  }
}
