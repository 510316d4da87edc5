import type { ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';

/** Model calls under way at once; one more is answered with 503. */
export const callsInFlightMax = 10_000;

/** A model call that has not ended, for those who watch or wait. */
export interface LiveCall {
  readonly requestId: string;
  readonly startedAt: EpochMs;
  model: string;
  channelId: ChannelId | undefined;
}

/** All calls under way. Bounded by `callsInFlightMax`; `refused` counts what the bound turned away. */
export class InFlight {
  readonly #calls = new Set<LiveCall>();
  readonly #onEmpty: (() => void)[] = [];
  refused = 0;

  /** False: there is no room. */
  enter(call: LiveCall): boolean {
    if (this.#calls.size >= callsInFlightMax) {
      this.refused++;
      return false;
    }
    this.#calls.add(call);
    return true;
  }

  leave(call: LiveCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) for (const wake of this.#onEmpty.splice(0)) wake();
  }

  get size(): number {
    return this.#calls.size;
  }

  get calls(): Iterable<Readonly<LiveCall>> {
    return this.#calls;
  }

  /** Resolves when no call is under way. */
  whenEmpty(): Promise<void> {
    return this.#calls.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
  }
}
