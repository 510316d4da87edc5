import { createHmac, randomBytes } from 'node:crypto';
import type { Endpoint } from '../domain/endpoint.js';

/** Tells the gateways that a request has come through; a list, one mark each. */
export const hopsHeader = 'x-ccload-hops';
/** Gateways that may stand one behind the other; a request that has come through more goes round in a circle. */
export const hopsMax = 16;

/** Letters of a mark: half of it is random, the other half proves whose it is. */
const halfChars = 12;

/** What the processes of one gateway know each other's marks by. */
export const newHopSecret = (): string => randomBytes(16).toString('base64url');

/**
 * Recognises requests that this gateway has sent itself, over however many others (docs/adr/0028).
 *
 * Every endpoint has a mark of its own, so that upstreams cannot find out from it that they serve the same gateway.
 */
export class HopMarks {
  readonly #secret: string;
  /** Made once for each endpoint, and gone with it. */
  readonly #marks = new WeakMap<Endpoint, string>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Adds our mark behind those the request has come with. The hosts of the two providers lead to no gateway and need none. */
  add(headers: string[], endpoint: Endpoint): void {
    if (endpoint.credentialStyle !== 'both') return;
    let mark = this.#marks.get(endpoint);
    if (mark === undefined) this.#marks.set(endpoint, (mark = this.#newMark()));
    headers.push(hopsHeader, mark);
  }

  /** True when the value of the header, its lines joined by commas, says that the request has been here, or at too many others. */
  isLoop(value: string | readonly string[] | undefined): boolean {
    if (value === undefined) return false;
    const marks = String(value).split(',', hopsMax + 1);
    return marks.length > hopsMax || marks.some((mark) => this.#isOurs(mark.trim()));
  }

  #newMark(): string {
    const random = randomBytes(9).toString('base64url');
    return random + this.#proofOf(random);
  }

  #isOurs(mark: string): boolean {
    return mark.length === 2 * halfChars && mark.slice(halfChars) === this.#proofOf(mark.slice(0, halfChars));
  }

  #proofOf(random: string): string {
    return createHmac('sha256', this.#secret).update(random).digest('base64url').slice(0, halfChars);
  }
}
