import type { EpochMs } from '../domain/time.js';
import { minuteMs } from '../domain/time.js';

/**
 * A place that nobody gave back is free again after this time: longer than an answer may take, so that a probe never
 * loses its place, and short enough that a fault of ours cannot shut a channel out for good.
 */
export const probeHoldMsMax = 15 * minuteMs;

interface Place {
  readonly holder: string;
  readonly takenAt: EpochMs;
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
    return place !== undefined && now - place.takenAt < probeHoldMsMax;
  }

  take(scope: string, holder: string, now: EpochMs): void {
    this.places.set(scope, { holder, takenAt: now });
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

  /** Gives a place back, if this holder has it: a channel's place may belong to a probe for another model. */
  release(scope: string, holder: string): void {
    if (this.isHeldBy(scope, holder)) this.free(scope);
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
