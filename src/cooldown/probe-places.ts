import type { EpochMs } from '../domain/time.js';
import { minuteMs, secondMs } from '../domain/time.js';
import { scopeName, type Scope } from './scoped-cooldowns.js';

/**
 * A place that nobody gave back is free again after this time: longer than an answer may take, so that a probe never
 * loses its place, and short enough that a fault of ours cannot shut a channel out for good.
 */
export const probeHoldMsMax = 15 * minuteMs;

/** A probe of another replica is told of again and again while it runs; when that ends, so does the replica, or the line to it. */
export const probeElsewhereHoldMsMax = 4 * secondMs;

interface Place {
  readonly holder: string;
  readonly takenAt: EpochMs;
  /** The pair that is probed, when it is probed here. */
  readonly probe?: Scope;
  /** For a probe of another replica. */
  readonly holdMsMax?: number;
}

/** What became of the probe place of a scope, by name; `holder` is undefined when it is free. */
export interface PlaceChange {
  readonly scope: string;
  readonly holder: string | undefined;
  readonly takenAt: EpochMs;
}

/** The single probe place of each scope, and which pair (channel, model) holds it. */
export class ProbePlaces {
  private readonly places = new Map<string, Place>();
  /** Scopes whose place changed hands, at most one entry per scope; empty while nobody shares the places. */
  private readonly changed = new Set<string>();

  /** `onChange` is told that there is something for `takeChanges` to take. */
  constructor(private readonly onChange?: () => void) {}

  get size(): number {
    return this.places.size;
  }

  isTaken(scope: string, now: EpochMs): boolean {
    const place = this.places.get(scope);
    return place !== undefined && now - place.takenAt < (place.holdMsMax ?? probeHoldMsMax);
  }

  take(scope: string, probe: Scope, now: EpochMs): void {
    this.places.set(scope, { holder: scopeName(probe), probe, takenAt: now });
    this.note(scope);
  }

  /** The pairs that are being probed here. */
  probesHere(now: EpochMs): readonly Scope[] {
    const probes = new Map<string, Scope>();
    for (const [scope, { probe, holder }] of this.places) if (probe !== undefined && this.isTaken(scope, now)) probes.set(holder, probe);
    return [...probes.values()];
  }

  /** For a probe of another replica, unless somebody else's is running; renews what that probe has taken before. */
  takeElsewhere(scope: string, holder: string, now: EpochMs): void {
    if (this.isTaken(scope, now) && !this.isHeldBy(scope, holder)) return;
    this.places.set(scope, { holder, takenAt: now, holdMsMax: probeElsewhereHoldMsMax });
    this.note(scope);
  }

  /** Takes over what became of a place in another process. Of two who took it, the first has it. */
  learn(scope: string, holder: string | undefined, takenAt: EpochMs): void {
    const place = this.places.get(scope);
    if (holder === undefined) this.places.delete(scope);
    else if (place === undefined || takenAt < place.takenAt) this.places.set(scope, { holder, takenAt });
  }

  /** What changed since the last call. */
  takeChanges(): readonly PlaceChange[] {
    const changes = [...this.changed].map((scope) => {
      const place = this.places.get(scope);
      return { scope, holder: place?.holder, takenAt: place?.takenAt ?? 0 };
    });
    this.changed.clear();
    return changes;
  }

  isHeldBy(scope: string, holder: string): boolean {
    return this.places.get(scope)?.holder === holder;
  }

  /** Gives a place back, if this holder has it: a channel's place may belong to a probe for another model. False when not. */
  release(scope: string, holder: string): boolean {
    if (!this.isHeldBy(scope, holder)) return false;
    this.free(scope);
    return true;
  }

  /** Frees the place whoever holds it. */
  free(scope: string): void {
    if (this.places.delete(scope)) this.note(scope);
  }

  private note(scope: string): void {
    if (this.onChange === undefined) return;
    this.changed.add(scope);
    this.onChange();
  }
}
