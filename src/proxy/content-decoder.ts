import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { ContentDecoder, DecoderListener } from './decoding.js';
import { createZstdDecompress, unfoldZstd, wholeZstd } from './zstd.js';

/** Decoded bytes read for usage and errors; beyond it (a decompression bomb, or a very long answer) reading stops. */
export const decodedBytesMax = 64 * 1024 * 1024;
/** Encoded bytes that may wait for the decoder; a decoder further behind than this is given up. */
const undecodedBytesMax = 4 * 1024 * 1024;
/** zlib decodes a short body whole or not at all, so this much may come out of it before it is cut. */
const unfoldedBytesMax = 1024 * 1024;

/**
 * A decoder for a `Content-Encoding` value, or `undefined` for one that cannot be read (several codings at once, or an
 * unknown one): such an answer is relayed unread. https://www.iana.org/assignments/http-parameters
 */
export const createDecoder = (encoding: string, listener: DecoderListener): ContentDecoder | undefined => {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      // Unzip tells gzip and zlib apart by their first bytes, and flushes what it has after every chunk.
      return new StreamDecoder(zlib.createUnzip({ flush: zlib.constants.Z_SYNC_FLUSH }), listener);
    case 'br':
      return new StreamDecoder(zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }), listener);
    case 'zstd':
      return new StreamDecoder(createZstdDecompress(), listener);
    default:
      return undefined;
  }
};

/** Decodes a short body at once, as far as it goes; undecodable bytes are read as they are. At most `bytesMax` come out. */
export const decodeText = (encoding: string | undefined, body: Buffer, bytesMax: number): string => {
  try {
    return decodeBytes(encoding?.trim().toLowerCase() ?? '', body, bytesMax).subarray(0, bytesMax).toString('utf8');
  } catch {
    return body.subarray(0, bytesMax).toString('utf8');
  }
};

/** Decodes a short body, or says `undefined` where it is not what its coding says, of an unknown one, or longer than `bytesMax`. */
export const decodeWhole = (encoding: string, body: Buffer, bytesMax: number): Buffer | undefined => {
  const coding = encoding.trim().toLowerCase();
  if (body.length === 0) return body;
  if (coding === 'zstd') return wholeZstd(body, bytesMax);
  if (!wholeCodings.has(coding)) return undefined;
  try {
    const decoded = decodeBytes(coding, body, bytesMax);
    return decoded.length <= bytesMax ? decoded : undefined;
  } catch {
    return undefined;
  }
};

/** What `decodeBytes` undoes, and what needs no undoing. */
const wholeCodings: ReadonlySet<string> = new Set(['', 'identity', 'gzip', 'x-gzip', 'deflate', 'br']);

const decodeBytes = (encoding: string, body: Buffer, bytesMax: number): Buffer => {
  const maxOutputLength = Math.max(bytesMax, unfoldedBytesMax);
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return zlib.unzipSync(body, { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.brotliDecompressSync(body, { maxOutputLength, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return unfoldZstd(body, bytesMax);
    default:
      return body;
  }
};

class StreamDecoder implements ContentDecoder {
  readonly #stream: Transform;
  readonly #listener: DecoderListener;
  #decodedBytes = 0;
  #stopped = false;
  #done: (() => void) | undefined;

  constructor(stream: Transform, listener: DecoderListener) {
    this.#stream = stream;
    this.#listener = listener;
    stream.on('data', (chunk: Buffer) => {
      if (this.#stopped) return;
      this.#decodedBytes += chunk.length;
      if (this.#decodedBytes > decodedBytesMax) this.#giveUp();
      else listener.decoded(chunk);
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // An end that comes too soon is no riddle: what there was has been decoded, and the reader will miss the rest.
      if (error.code === 'Z_BUF_ERROR' && this.#done !== undefined) this.#finish();
      else this.#giveUp();
    });
    stream.on('end', () => this.#finish());
  }

  push(chunk: Buffer): void {
    if (this.#stopped) return;
    this.#stream.write(chunk);
    if (this.#stream.writableLength > undecodedBytesMax) this.#giveUp();
  }

  end(done: () => void): void {
    if (this.#stopped) {
      done();
      return;
    }
    this.#done = done;
    this.#stream.end();
  }

  stop(): void {
    this.#stopped = true;
    this.#done = undefined;
    this.#stream.destroy();
  }

  #giveUp(): void {
    if (this.#stopped) return;
    const done = this.#done;
    this.stop();
    this.#listener.gaveUp();
    done?.();
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
