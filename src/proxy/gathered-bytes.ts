/** Room made at first for bytes that come in several chunks: an announcement alone must not cost memory. */
const firstRoomBytesMax = 256 * 1024;

const nothing = Buffer.alloc(0);

/**
 * Bytes that come in chunks and are wanted in one piece. One chunk that is the whole is kept as it came; several are
 * copied into one room as they come, which grows by doubling, so that they are never all held twice.
 *
 * A body of 115 KB in three chunks: the copy is made while each chunk is still in the processor's cache.
 */
export class GatheredBytes {
  readonly #announced: number;
  readonly #bytesMax: number;
  /** The only chunk so far, or the room that all were copied into. */
  #room: Buffer = nothing;
  #bytes = 0;
  #isOwn = false;

  /** `announced`: how many will come, 0 when that is not known; never more than `bytesMax` may come. */
  constructor(announced: number, bytesMax: number) {
    this.#announced = announced;
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many bytes will be held once `more` have been added. */
  roomFor(more: number): number {
    const wanted = this.#bytes + more;
    if (this.#bytes === 0 && (wanted === this.#announced || this.#announced === 0)) return wanted;
    if (this.#isOwn && wanted <= this.#room.length) return this.#room.length;
    const doubled = Math.max(wanted, Math.min(firstRoomBytesMax, this.#most), 2 * this.#room.length);
    return Math.max(wanted, Math.min(doubled, this.#most));
  }

  push(chunk: Buffer): void {
    const room = this.roomFor(chunk.length);
    if (this.#bytes === 0 && room === chunk.length) {
      this.#room = chunk;
    } else {
      if (!this.#isOwn || room > this.#room.length) this.#moveTo(Buffer.allocUnsafeSlow(room));
      chunk.copy(this.#room, this.#bytes);
    }
    this.#bytes += chunk.length;
  }

  /** All of them, in one piece. */
  whole(): Buffer {
    return this.#room.length === this.#bytes ? this.#room : this.#room.subarray(0, this.#bytes);
  }

  forget(): void {
    this.#room = nothing;
  }

  get #most(): number {
    return this.#announced === 0 ? this.#bytesMax : this.#announced;
  }

  #moveTo(room: Buffer): void {
    this.#room.copy(room, 0, 0, this.#bytes);
    this.#room = room;
    this.#isOwn = true;
  }
}
