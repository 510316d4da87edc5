import type { ChannelId } from '../domain/channel.js';
import { LinkedList, type Linked } from '../domain/linked-list.js';
import type { EpochMs } from '../domain/time.js';
import type { Downstream } from './downstream.js';

/** Model calls under way at once; one more is answered with 503. */
export const callsInFlightMax = 10_000;

/** A model call that has not ended, for those who watch or wait. Delivery keeps it current; everyone else only reads it. */
export class LiveCall implements Linked<LiveCall> {
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
  /** Its place among the calls under way: kept by `InFlight`, and nobody else's business. */
  isUnderWay = false;
  before: LiveCall | undefined;
  after: LiveCall | undefined;
  readonly #downstream: Downstream;

  constructor(requestId: string, receivedAt: EpochMs, downstream: Downstream) {
    this.requestId = requestId;
    this.receivedAt = receivedAt;
    this.#downstream = downstream;
  }

  /** Ends the call, because the gateway waits no longer. */
  cutOff(): void {
    this.#downstream.cutOff();
  }

  /** Body bytes handed to the client so far. */
  get bytes(): number {
    return this.#downstream.bytes;
  }
}

/**
 * All calls under way, those that began first in front. Bounded by `callsInFlightMax`; `refused` counts what the bound
 * turned away.
 */
export class InFlight {
  readonly #callsMax: number;
  readonly #calls = new LinkedList<LiveCall>();
  #size = 0;
  readonly #onEmpty: (() => void)[] = [];
  refused = 0;

  constructor(callsMax = callsInFlightMax) {
    this.#callsMax = callsMax;
  }

  /** False: there is no room. */
  enter(call: LiveCall): boolean {
    if (this.#size >= this.#callsMax) {
      this.refused++;
      return false;
    }
    this.#size++;
    call.isUnderWay = true;
    this.#calls.append(call);
    return true;
  }

  leave(call: LiveCall): void {
    if (!call.isUnderWay) return;
    call.isUnderWay = false;
    this.#calls.remove(call);
    this.#size--;
    if (this.#size === 0) for (const wake of this.#onEmpty.splice(0)) wake();
  }

  get size(): number {
    return this.#size;
  }

  /** Looks at every call, so it is for the metrics and not for the request path. */
  get streams(): number {
    let streams = 0;
    for (const call of this.calls) if (call.isStreaming && call.committedAt !== undefined) streams += 1;
    return streams;
  }

  get calls(): Iterable<Readonly<LiveCall>> {
    return this.#calls;
  }

  /** Ends all calls, and says how many. */
  cutOff(): number {
    const calls = [...this.#calls];
    for (const call of calls) call.cutOff();
    return calls.length;
  }

  /** Resolves when no call is under way. */
  whenEmpty(): Promise<void> {
    return this.#size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
  }
}
