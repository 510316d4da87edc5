// Reads HTTP/1.1 answers off a keep-alive connection, one after the other, without keeping their bodies.

const headBytesMax = 64 * 1024;
const headEnd = '\r\n\r\n';
const lineFeed = 10;
const carriageReturn = 13;
/** `\r\n` after a chunk, and after the last (empty) one. */
const lineEndBytes = 2;
const chunkSizeBytesMax = 2 ** 31;

const hexDigit = (byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  if (Number.isNaN(digit)) throw new Error('a chunk size must be hexadecimal');
  return digit;
};

/** Throws on what is no answer of the kind: not HTTP/1.1, neither length nor chunks, bytes that nobody asked for. */
export class AnswerReader {
  status = 0;
  /** Of the body alone, without its framing. */
  bodyBytes = 0;
  /** Of all answers so far, the current one included. */
  bodyBytesInAll = 0;
  closes = false;
  #kept = Buffer.alloc(0);
  #inHead = true;
  #chunked = false;
  /** Bytes to pass over before the framing is looked at again. */
  #left = 0;
  #size = 0;
  #last = false;

  /** True when these bytes completed an answer. They are not kept. */
  push(bytes) {
    if (!this.#inHead) return this.#body(bytes, 0);
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    const end = all.indexOf(headEnd);
    if (end === -1) {
      if (all.length > headBytesMax) throw new Error('the head of an answer is too long');
      this.#kept = Buffer.from(all);
      return false;
    }
    this.#kept = Buffer.alloc(0);
    this.#head(all.latin1Slice(0, end));
    return this.#body(all, end + headEnd.length);
  }

  #head(text) {
    this.status = Number(text.slice(9, 12));
    this.closes = /\r\nconnection: *close/i.test(text);
    this.bodyBytes = 0;
    this.#inHead = false;
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    this.#chunked = length === undefined;
    if (this.#chunked && !/\r\ntransfer-encoding: *chunked/i.test(text)) throw new Error('an answer must have a length or chunks');
    this.#left = Number(length ?? 0);
    this.#size = 0;
    this.#last = false;
  }

  #body(bytes, from) {
    return this.#chunked ? this.#chunks(bytes, from) : this.#fixed(bytes.length - from);
  }

  #fixed(count) {
    this.bodyBytes += count;
    this.bodyBytesInAll += count;
    this.#left -= count;
    if (this.#left < 0) throw new Error('an answer must not be longer than it says');
    return this.#complete(this.#left === 0);
  }

  #chunks(bytes, from) {
    let at = from;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, bytes.length - at);
        this.#left -= passed;
        at += passed;
        if (this.#left === 0 && this.#last) return this.#complete(true);
      } else {
        this.#sizeByte(bytes[at]);
        at++;
      }
    }
    return false;
  }

  #sizeByte(byte) {
    if (byte === carriageReturn) return;
    if (byte === lineFeed) {
      this.#last = this.#size === 0;
      this.#left = this.#size + lineEndBytes;
      this.bodyBytes += this.#size;
      this.bodyBytesInAll += this.#size;
      this.#size = 0;
      return;
    }
    this.#size = this.#size * 16 + hexDigit(byte);
    if (this.#size > chunkSizeBytesMax) throw new Error('a chunk is too long');
  }

  #complete(isComplete) {
    this.#inHead = isComplete;
    return isComplete;
  }
}
