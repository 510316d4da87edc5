import { networkOf } from './domain/network.js';

/** The connections of each address, so that no single one takes the places of all others. Holds an entry per address that is connected. */
export class ConnectionPlaces {
  readonly #taken = new Map<string, number>();
  readonly #perAddressMax: number;

  constructor(perAddressMax: number) {
    this.#perAddressMax = perAddressMax;
  }

  /** False: the address has as many connections as it may have. */
  take(address: string): boolean {
    const place = networkOf(address);
    const taken = this.#taken.get(place) ?? 0;
    if (taken >= this.#perAddressMax) return false;
    this.#taken.set(place, taken + 1);
    return true;
  }

  /** Ends what `take` began with the same address. */
  free(address: string): void {
    const place = networkOf(address);
    const taken = this.#taken.get(place) ?? 0;
    if (taken <= 1) this.#taken.delete(place);
    else this.#taken.set(place, taken - 1);
  }

  /** Addresses that are connected. */
  get size(): number {
    return this.#taken.size;
  }
}
