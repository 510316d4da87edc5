/**
 * Room for texts as UTF-8 that leave in the order in which they came, allocated once: none of it is ever garbage.
 *
 * What waits in buffers of its own for a quarter of a second outlives the collections of young values, and V8 counts its bytes
 * as old until it looks through the whole heap; log rows alone made that due twice as often (docs/adr/0031).
 */
export class ByteRing {
  readonly #room: Buffer;
  /** Where the oldest begins, and where the next one would. */
  #start = 0;
  #end = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#room = Buffer.allocUnsafeSlow(capacity);
  }

  /** The text in the ring, or in a buffer of its own when there is no room in one piece. */
  put(text: string): Uint8Array {
    const at = this.#roomFor(Buffer.byteLength(text));
    if (at === undefined) return Buffer.from(text);
    this.#end = at + this.#room.write(text, at);
    this.#count += 1;
    return this.#room.subarray(at, this.#end);
  }

  /** Gives back the room of the oldest that is still there; what had to be put elsewhere has none. */
  free(oldest: Uint8Array): void {
    if (oldest.buffer !== this.#room.buffer) return;
    this.#start = oldest.byteOffset + oldest.length;
    this.#count -= 1;
  }

  #roomFor(length: number): number | undefined {
    if (this.#count === 0) this.#start = this.#end = 0;
    const hasWrapped = this.#count > 0 && this.#end <= this.#start;
    if (this.#end + length <= (hasWrapped ? this.#start : this.#room.length)) return this.#end;
    return !hasWrapped && length <= this.#start ? 0 : undefined;
  }
}
