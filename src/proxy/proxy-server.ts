import type { RequestListener } from 'node:http';
import type { InFlight } from './in-flight.js';
import { createProxyHandler, type ProxyMeans } from './proxy-handler.js';

/** The data plane as a whole: what listens, what is under way, and how it comes to rest. */
export class ProxyServer {
  readonly handler: RequestListener;
  readonly inFlight: InFlight;
  readonly #upstreams: ProxyMeans['upstreams'];
  readonly #outbox: ProxyMeans['outbox'];
  #draining = false;

  constructor(means: Omit<ProxyMeans, 'isDraining'>) {
    this.inFlight = means.inFlight;
    this.#upstreams = means.upstreams;
    this.#outbox = means.outbox;
    this.handler = createProxyHandler({ ...means, isDraining: () => this.#draining });
  }

  /** From now on new model calls are refused; resolves when the last running one has ended and its answer is on its way. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.inFlight.whenEmpty();
    this.#outbox.sendAll();
  }

  /** Ends all calls that are still under way: streams with an error event, the rest as well as it can be told. */
  cutOff(): void {
    this.inFlight.cutOff();
    this.#outbox.sendAll();
  }

  /** Closes every connection to an upstream, busy or not. */
  close(): void {
    this.#upstreams.close();
  }
}
