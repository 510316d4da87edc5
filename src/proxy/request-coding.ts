import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { BodyShare } from './body-budget.js';
import { GatheredBytes } from './gathered-bytes.js';
import { createZstdDecompress } from './zstd.js';

/** What a request body says once its content coding is undone. The bytes that go upstream stay as they came. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly bytes: Buffer }
  /** A coding that is not read here, or several at once. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'too-large' }
  /** The bodies of all requests together have reached their bound. */
  | { readonly kind: 'no-room' };

/** Fewer and larger pieces than zlib's 16 KiB: a body of some megabytes is nothing rare. */
const chunkSize = 64 * 1024;

const createUnfolding = (coding: string): Transform | undefined => {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return zlib.createUnzip({ chunkSize });
    case 'br':
      return zlib.createBrotliDecompress({ chunkSize });
    case 'zstd':
      // Codex compresses so when it is logged in with a ChatGPT account.
      return createZstdDecompress();
    default:
      return undefined;
  }
};

/** Undoes a `Content-Encoding` to read the model from the body; at most `bytesMax` may come out of it, and what does is taken from `share`. */
export const decodeRequestBody = (encoding: string, body: Buffer, bytesMax: number, share: BodyShare): Promise<DecodedBody> => {
  const coding = encoding.trim().toLowerCase();
  if (coding === '' || coding === 'identity') return Promise.resolve({ kind: 'decoded', bytes: body });
  const unfolding = createUnfolding(coding);
  if (unfolding === undefined) return Promise.resolve({ kind: 'unknown' });
  return new Promise((resolve) => {
    const gathered = new GatheredBytes(0, bytesMax);
    const settle = (decoded: DecodedBody): void => {
      unfolding.destroy();
      resolve(decoded);
    };
    unfolding
      .on('data', (chunk: Buffer) => {
        if (gathered.bytes + chunk.length > bytesMax) settle({ kind: 'too-large' });
        else if (!share.growTo(gathered.roomFor(chunk.length))) settle({ kind: 'no-room' });
        else gathered.push(chunk);
      })
      .on('end', () => settle({ kind: 'decoded', bytes: gathered.whole() }))
      .on('error', () => settle({ kind: 'corrupt' }))
      .end(body);
  });
};
