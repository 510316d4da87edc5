import type { ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';
import type { Downstream } from './downstream.js';

/** Model calls under way at once; one more is answered with 503. */
export const callsInFlightMax = 10_000;

/** A model call that has not ended, for those who watch or wait. Delivery keeps it current; everyone else only reads it. */
export class LiveCall {
  readonly requestId: string;
  readonly receivedAt: EpochMs;
  /** Empty until the body has been read. */
  model = '';
  isStreaming = false;
  /** The channel that is being tried, or serves. */
  channelId: ChannelId | undefined;
  /** 0 until the first channel is tried. */
  attempt = 0;
  /** When the answer began to reach the client. */
  committedAt: EpochMs | undefined;
  readonly #downstream: Downstream;

  constructor(requestId: string, receivedAt: EpochMs, downstream: Downstream) {
    this.requestId = requestId;
    this.receivedAt = receivedAt;
    this.#downstream = downstream;
  }

  /** Body bytes handed to the client so far. */
  get bytes(): number {
    return this.#downstream.bytes;
  }
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
