import { Transform, type TransformCallback } from 'node:stream';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';

/** The largest window `Content-Encoding: zstd` may use: 8 MiB (RFC 9659 §3). */
const windowLogMax = 23;
/** RFC 8878 §3.1.1. */
const frameMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Magic, descriptor, window descriptor, dictionary id, content size: the most a frame header takes. */
const frameHeaderBytesMax = 18;

/** `ZSTD_d_windowLogMax` of zstd.h; Node 20's types do not know it yet. */
const zstdWindowLogMaxParameter = 100;

/** Node's own decoder, off the main thread, where there is one (22.15 and later); it refuses larger windows itself. */
const createNativeZstd = (): Transform | undefined => {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (typeof create !== 'function') return undefined;
  const stream: unknown = Reflect.apply(create, zlib, [{ params: { [zstdWindowLogMaxParameter]: windowLogMax } }]);
  return stream instanceof Transform ? stream : undefined;
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

/**
 * Guards fzstd, which allocates whatever window a frame claims, 2 GB if it says so: the first frame's claim is checked, and
 * a second frame ends the reading (bytes that only look like one do so too, which costs the usage numbers and nothing else).
 */
class GuardedFrames {
  #head: Buffer | undefined = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  /** What the frame claims, once that is known. */
  windowBytes = 0;

  /** What may be decoded now; bytes wait until the first header has come whole. Throws: nothing ever again. */
  admit(chunk: Buffer): Buffer {
    if (this.#head === undefined) {
      this.#refuseFrameIn(chunk);
      return chunk;
    }
    const head = Buffer.concat([this.#head, chunk]);
    const claimed = claimedWindowBytes(head);
    if (claimed === undefined && head.length < frameHeaderBytesMax) {
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = undefined;
    if (claimed === undefined || claimed > 2 ** windowLogMax) throw new Error('the frame claims more than it may');
    this.#refuseFrameIn(head.subarray(frameMagic.length));
    this.windowBytes = claimed;
    return head;
  }

  #refuseFrameIn(bytes: Buffer): void {
    const seam = Buffer.concat([this.#tail, bytes.subarray(0, frameMagic.length - 1)]);
    const joined = bytes.length < frameMagic.length ? seam : bytes;
    this.#tail = Buffer.from(joined.subarray(-(frameMagic.length - 1)));
    if (seam.includes(frameMagic) || bytes.includes(frameMagic)) throw new Error('a second frame is not read');
  }
}

/**
 * fzstd moves the whole window for every block, and a block can be four bytes: 64 KB of them take 9 s with a window of 8 MiB
 * (Node 20, where this was measured). So it gets a few bytes at a time, five blocks at most, and what it moves is counted.
 */
const pieceBytes = 16;
/** The most that comes out of one block (RFC 8878 §3.1.1.2.4). */
const blockBytesMax = 128 * 1024;
/** Bytes moved in one turn of the event loop, about 3 ms … */
const movedInOneTurnMax = 32 * 1024 * 1024;
/** … in one go where the result is wanted at once … */
const movedAtOnceMax = 256 * 1024 * 1024;
/** … and for one frame in all, about a second: 2 000 blocks with the largest window, 8 000 with the usual one of 2 MiB. */
const movedInAllMax = 16 * 1024 * 1024 * 1024;

/** A frame on its way through fzstd. Methods throw when it is none, or too dear. */
class Frame {
  readonly #frames = new GuardedFrames();
  readonly #decompress: Decompress;
  /** What has been admitted and not yet been unfolded. */
  #waiting: Buffer = Buffer.alloc(0);
  #moved = 0;

  constructor(unfolded: (bytes: Uint8Array) => void) {
    this.#decompress = new Decompress((bytes) => {
      this.#moved += this.#frames.windowBytes + bytes.length;
      if (this.#moved > movedInAllMax) throw new Error('the frame takes too long to unfold');
      unfolded(bytes);
    });
  }

  /** Adds bytes once those before have been unfolded. */
  add(chunk: Buffer): void {
    this.#waiting = this.#frames.admit(chunk);
  }

  /** Unfolds until about `movedMax` bytes have been moved; false when there is more to do. */
  unfold(movedMax: number): boolean {
    const movedBefore = this.#moved;
    while (this.#waiting.length > 0) {
      if (this.#moved - movedBefore >= movedMax) return false;
      const piece = this.#waiting.subarray(0, pieceBytes);
      this.#waiting = this.#waiting.subarray(pieceBytes);
      this.#decompress.push(piece);
    }
    return true;
  }

  /** Says that nothing more will come; throws when something is missing. */
  end(): void {
    this.#decompress.push(new Uint8Array(0), true);
  }
}

/** What zlib's streams say of an end that comes too soon. */
const cutOff = (): Error => Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' });

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** zstd in JavaScript, for Node before 22.15: on the main thread, a few milliseconds in each turn of the event loop. */
class SlicedZstd extends Transform {
  readonly #frame = new Frame((bytes) => void this.push(bufferOf(bytes)));

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#frame.add(chunk);
    } catch (error) {
      done(errorOf(error));
      return;
    }
    this.#goOn(done);
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#frame.end();
      done();
    } catch {
      done(cutOff());
    }
  }

  #goOn(done: TransformCallback): void {
    if (this.destroyed) return;
    try {
      if (this.#frame.unfold(movedInOneTurnMax)) done();
      else setImmediate(() => this.#goOn(done));
    } catch (error) {
      done(errorOf(error));
    }
  }
}

/** Unfolds `Content-Encoding: zstd`. Like zlib's streams it fails with `Z_BUF_ERROR` when the end comes too soon. */
export const createZstdDecompress = (): Transform => createNativeZstd() ?? new SlicedZstd();

/** The same without Node's own decoder. */
export const createSlicedZstd = (): Transform => new SlicedZstd();

/** What came of a body that was unfolded at once. */
interface AtOnce {
  readonly bytes: Buffer;
  /** False after a mistake, a cut, or where there would have been more. */
  readonly isWhole: boolean;
}

const unfoldAtOnce = (body: Buffer, bytesMax: number): AtOnce => {
  const blocks: Uint8Array[] = [];
  let left = bytesMax;
  const frame = new Frame((block) => {
    if (block.length > left) throw new Error('more than is wanted');
    left -= block.length;
    blocks.push(block);
  });
  let isWhole = false;
  try {
    frame.add(body);
    if (frame.unfold(movedAtOnceMax)) {
      frame.end();
      isWhole = true;
    }
  } catch {
    // What came before counts.
  }
  return { bytes: Buffer.concat(blocks), isWhole };
};

/** At once, as far as it goes: to a mistake, a cut, about `bytesMax`, or too much work. Throws where nothing came. */
export const unfoldZstd = (body: Buffer, bytesMax: number): Buffer => {
  const { bytes, isWhole } = unfoldAtOnce(body, bytesMax + blockBytesMax);
  if (bytes.length === 0 && !isWhole) throw new Error('no zstd frame that can be read');
  return bytes;
};

/** At once and whole; `undefined` where a mistake is met, or more than `bytesMax`, or too much work. */
export const wholeZstd = (body: Buffer, bytesMax: number): Buffer | undefined => {
  const { bytes, isWhole } = unfoldAtOnce(body, bytesMax);
  return isWhole ? bytes : undefined;
};
