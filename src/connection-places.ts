/** `2001:db8:1:2:` of `2001:db8:1:2:3:4:5:6`: who has one IPv6 address has its whole /64. */
const placeOf = (address: string): string => {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...new Array<string>(zeros).fill('0')].slice(0, 4).join(':');
};

/** The connections of each address, so that no single one takes the places of all others. Holds an entry per address that is connected. */
export class ConnectionPlaces {
  readonly #taken = new Map<string, number>();
  readonly #perAddressMax: number;

  constructor(perAddressMax: number) {
    this.#perAddressMax = perAddressMax;
  }

  /** False: the address has as many connections as it may have. */
  take(address: string): boolean {
    const place = placeOf(address);
    const taken = this.#taken.get(place) ?? 0;
    if (taken >= this.#perAddressMax) return false;
    this.#taken.set(place, taken + 1);
    return true;
  }

  /** Ends what `take` began with the same address. */
  free(address: string): void {
    const place = placeOf(address);
    const taken = this.#taken.get(place) ?? 0;
    if (taken <= 1) this.#taken.delete(place);
    else this.#taken.set(place, taken - 1);
  }

  /** Addresses that are connected. */
  get size(): number {
    return this.#taken.size;
  }
}
