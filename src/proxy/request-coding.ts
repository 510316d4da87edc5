import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { nativeZstdOf, unfoldZstd } from './zstd.js';

/** What a request body says once its content coding is undone. The bytes that go upstream stay as they came. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly bytes: Buffer }
  /** A coding that is not read here, or several at once. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'too-large' };

type Unfold = (body: Buffer, bytesMax: number) => Promise<Buffer>;

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip);
const unbrotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

/** One byte more than allowed may come out, so that "exactly full" and "too much" can be told apart. */
const unfoldsOf: Readonly<Record<string, Unfold>> = {
  gzip: (body, bytesMax) => gunzip(body, { maxOutputLength: bytesMax + 1 }),
  'x-gzip': (body, bytesMax) => gunzip(body, { maxOutputLength: bytesMax + 1 }),
  deflate: (body, bytesMax) => gunzip(body, { maxOutputLength: bytesMax + 1 }),
  br: (body, bytesMax) => unbrotli(body, { maxOutputLength: bytesMax + 1 }),
  // Codex compresses so when it is logged in with a ChatGPT account.
  zstd: (body, bytesMax) => nativeZstdOf(body, bytesMax + 1) ?? Promise.resolve(unfoldZstd(body, bytesMax + 1)),
};

const isTooLarge = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/** Undoes a `Content-Encoding` to read the model from the body; at most `bytesMax` may come out of it. */
export const decodeRequestBody = async (encoding: string | undefined, body: Buffer, bytesMax: number): Promise<DecodedBody> => {
  const coding = encoding?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return { kind: 'decoded', bytes: body };
  const unfold = Object.hasOwn(unfoldsOf, coding) ? unfoldsOf[coding] : undefined;
  if (unfold === undefined) return { kind: 'unknown' };
  try {
    const bytes = await unfold(body, bytesMax);
    return bytes.length > bytesMax ? { kind: 'too-large' } : { kind: 'decoded', bytes };
  } catch (error) {
    return { kind: isTooLarge(error) ? 'too-large' : 'corrupt' };
  }
};
