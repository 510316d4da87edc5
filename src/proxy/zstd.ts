import { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import type { ContentDecoder, DecoderListener } from './decoding.js';

/** The largest window `Content-Encoding: zstd` may use: 8 MiB (RFC 9659 §3). */
const windowLogMax = 23;
/** RFC 8878 §3.1.1. */
const frameMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Magic, descriptor, window descriptor, dictionary id, content size: the most a frame header takes. */
const frameHeaderBytesMax = 18;

/** `ZSTD_d_windowLogMax` of zstd.h; Node 20's types do not know it yet. */
const zstdWindowLogMaxParameter = 100;

/** Node's own decoder, off the main thread, where there is one (22.15 and later); it refuses larger windows itself. */
export const createNativeZstd = (): Transform | undefined => {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (typeof create !== 'function') return undefined;
  const stream: unknown = Reflect.apply(create, zlib, [{ params: { [zstdWindowLogMaxParameter]: windowLogMax } }]);
  return stream instanceof Transform ? stream : undefined;
};

/** A short body at once by Node's own decoder, which fails with `ERR_BUFFER_TOO_LARGE` beyond `bytesMax`; `undefined`: there is none. */
export const nativeZstdOf = (body: Buffer, bytesMax: number): Promise<Buffer> | undefined => {
  const decompress: unknown = Reflect.get(zlib, 'zstdDecompress');
  if (typeof decompress !== 'function') return undefined;
  const options = { maxOutputLength: bytesMax, params: { [zstdWindowLogMaxParameter]: windowLogMax } };
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, bytes: Buffer): void => (error === null ? resolve(bytes) : reject(error));
    Reflect.apply(decompress, zlib, [body, options, done]);
  });
};

/** The window a frame header claims, in bytes; `undefined` while too little of it has come. RFC 8878 §3.1.1.1. */
export const claimedWindowBytes = (head: Buffer): number | undefined => {
  const descriptor = head[frameMagic.length];
  if (descriptor === undefined) return undefined;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const windowAt = frameMagic.length + 1;
  if (!isSingleSegment) {
    const window = head[windowAt];
    if (window === undefined) return undefined;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 0x7);
  }
  // Without a window the whole content is one: its size stands behind the dictionary id.
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] ?? 8;
  const sizeAt = windowAt + ([0, 1, 2, 4][descriptor & 0x3] ?? 4);
  if (head.length < sizeAt + sizeBytes) return undefined;
  const size = sizeBytes === 8 ? Number(head.readBigUInt64LE(sizeAt)) : head.readUIntLE(sizeAt, sizeBytes);
  return sizeBytes === 2 ? size + 256 : size;
};

/** fzstd unfolds all it was given in one call; an exception out of its callback is the only way to stop it. */
const stopsUnfolding = 'enough has been unfolded';

/**
 * Guards fzstd, which allocates whatever window a frame claims, 2 GB if it says so: the first frame's claim is checked, and
 * a second frame ends the reading (bytes that only look like one do so too, which costs the usage numbers and nothing else).
 */
class GuardedFrames {
  #head: Buffer | undefined = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  /** What may be decoded now; `undefined`: nothing ever again. Bytes wait until the first header has come whole. */
  admit(chunk: Buffer): Buffer | undefined {
    if (this.#head === undefined) return this.#holdsFrame(chunk) ? undefined : chunk;
    const head = Buffer.concat([this.#head, chunk]);
    const claimed = claimedWindowBytes(head);
    if (claimed === undefined && head.length < frameHeaderBytesMax) {
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = undefined;
    const isTooLarge = claimed === undefined || claimed > 2 ** windowLogMax;
    return isTooLarge || this.#holdsFrame(head.subarray(frameMagic.length)) ? undefined : head;
  }

  #holdsFrame(bytes: Buffer): boolean {
    const seam = Buffer.concat([this.#tail, bytes.subarray(0, frameMagic.length - 1)]);
    const joined = bytes.length < frameMagic.length ? seam : bytes;
    this.#tail = Buffer.from(joined.subarray(-(frameMagic.length - 1)));
    return seam.includes(frameMagic) || bytes.includes(frameMagic);
  }
}

/** zstd in JavaScript, for Node before 22.15; it decodes synchronously, chunk by chunk. */
export class ZstdDecoder implements ContentDecoder {
  readonly #listener: DecoderListener;
  readonly #stream: Decompress;
  readonly #frames = new GuardedFrames();
  #decodedBytes = 0;
  #stopped = false;

  /** `bytesMax`: decoded bytes after which reading stops. */
  constructor(listener: DecoderListener, bytesMax: number) {
    this.#listener = listener;
    this.#stream = new Decompress((bytes) => {
      this.#decodedBytes += bytes.length;
      if (this.#stopped || this.#decodedBytes > bytesMax) throw new Error(stopsUnfolding);
      listener.decoded(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    });
  }

  push(chunk: Buffer): void {
    if (this.#stopped) return;
    const admitted = this.#frames.admit(chunk);
    try {
      if (admitted === undefined) this.#giveUp();
      else if (admitted.length > 0) this.#stream.push(admitted);
    } catch {
      this.#giveUp();
    }
  }

  end(done: () => void): void {
    try {
      if (!this.#stopped) this.#stream.push(new Uint8Array(0), true);
    } catch {
      // It ended too soon; the reader will miss the rest.
    }
    done();
  }

  stop(): void {
    this.#stopped = true;
  }

  #giveUp(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#listener.gaveUp();
  }
}

/** Block by block, because a frame of 64 KiB can claim gigabytes; what came before a mistake or a cut is kept. */
export const unfoldZstd = (body: Buffer, bytesMax: number): Buffer => {
  if (new GuardedFrames().admit(body) === undefined) throw new Error('the frame claims more than it may');
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  const stream = new Decompress((block) => {
    blocks.push(block);
    bytes += block.length;
    if (bytes >= bytesMax) throw new Error(stopsUnfolding);
  });
  try {
    stream.push(body, true);
  } catch (error) {
    if (bytes === 0) throw error;
  }
  return Buffer.concat(blocks);
};

/** As `unfoldZstd`, but `undefined` where a mistake is met, or more than `bytesMax`. */
export const wholeZstd = (body: Buffer, bytesMax: number): Buffer | undefined => {
  const blocks: Buffer[] = [];
  let isWhole = true;
  const decoder = new ZstdDecoder({ decoded: (block) => blocks.push(block), gaveUp: () => (isWhole = false) }, bytesMax);
  decoder.push(body);
  decoder.end(() => undefined);
  return isWhole ? Buffer.concat(blocks) : undefined;
};
