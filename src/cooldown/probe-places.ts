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

/** The single probe place of each scope, and which pair (channel, model) holds it. */
export class ProbePlaces {
  private readonly places = new Map<string, Place>();

  get size(): number {
    return this.places.size;
  }

  isTaken(scope: string, now: EpochMs): boolean {
    const place = this.places.get(scope);
    return place !== undefined && now - place.takenAt < probeHoldMsMax;
  }

  take(scope: string, holder: string, now: EpochMs): void {
    this.places.set(scope, { holder, takenAt: now });
  }

  isHeldBy(scope: string, holder: string): boolean {
    return this.places.get(scope)?.holder === holder;
  }

  /** Gives a place back, if this holder has it: a channel's place may belong to a probe for another model. */
  release(scope: string, holder: string): void {
    if (this.isHeldBy(scope, holder)) this.places.delete(scope);
  }

  /** Frees the place whoever holds it. */
  free(scope: string): void {
    this.places.delete(scope);
  }
}
