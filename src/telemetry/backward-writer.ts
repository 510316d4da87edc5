const firstBytes = 16 * 1024;

/**
 * Writes the wire format of Protocol Buffers from its end to its beginning: the length of a message stands before it and is
 * known once it has been written. What is written first comes last.
 */
export class BackwardWriter {
  private buffer = Buffer.allocUnsafe(firstBytes);
  private at = firstBytes;

  /** Bytes written so far. */
  get length(): number {
    return this.buffer.length - this.at;
  }

  /** What has been written; a view that the next writing leaves alone. */
  bytes(): Buffer {
    return this.buffer.subarray(this.at);
  }

  /** A whole number, 0 or more and safe. */
  varint(value: number): void {
    let bytes = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
    this.take(bytes);
    let rest = value;
    for (let index = 0; index < bytes - 1; index += 1) {
      this.buffer[this.at + index] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at + bytes - 1] = rest;
  }

  fixed32(value: number): void {
    this.take(4);
    this.buffer.writeUInt32LE(value, this.at);
  }

  fixed64(value: bigint): void {
    this.take(8);
    this.buffer.writeBigUInt64LE(value, this.at);
  }

  double(value: number): void {
    this.take(8);
    this.buffer.writeDoubleLE(value, this.at);
  }

  /** Returns how many bytes the text has. */
  text(value: string, encoding: 'utf8' | 'hex'): number {
    const bytes = Buffer.byteLength(value, encoding);
    this.take(bytes);
    this.buffer.write(value, this.at, encoding);
    return bytes;
  }

  /** Makes room before what has been written. */
  private take(bytes: number): void {
    if (bytes > this.at) {
      const grown = Buffer.allocUnsafe(2 * this.buffer.length + bytes);
      this.bytes().copy(grown, grown.length - this.length);
      this.at += grown.length - this.buffer.length;
      this.buffer = grown;
    }
    this.at -= bytes;
  }
}
