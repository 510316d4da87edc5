import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { BodyBudget, BodyShare } from './body-budget.js';
import { decodeRequestBody, type DecodedBody } from './request-coding.js';

const text = JSON.stringify({ model: 'm', input: 'x'.repeat(5_000) });
const body = Buffer.from(text);

const decode = (encoding: string, bytes: Buffer, bytesMax: number, room = 1_000_000): Promise<DecodedBody> =>
  decodeRequestBody(encoding, bytes, bytesMax, new BodyShare(new BodyBudget(room)));

/** The text in one raw zstd block (RFC 8878 §3.1.1), so that no encoder is needed. */
const zstd = (content: Buffer): Buffer => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x60, 0, 0]);
  header.writeUInt16LE(content.length - 256, 5);
  const block = Buffer.alloc(3);
  block.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([header, block, content]);
};

describe('the content coding of a request body', () => {
  it.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['GZIP ', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['zstd', zstd(body)],
    ['identity', body],
    ['', body],
  ])('%s is undone to read the model', async (encoding, bytes) => {
    const decoded = await decode(encoding, bytes, 10_000);
    expect(decoded.kind === 'decoded' ? decoded.bytes.toString() : decoded.kind).toBe(text);
  });

  it.each(['compress', 'gzip, br', 'constructor', '__proto__', 'gzip;q=1'])('%s is not known', async (encoding) => {
    expect(await decode(encoding, body, 10_000)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['gzip', body],
    ['gzip', gzipSync(body).subarray(0, 20)],
    ['deflate', body],
    ['br', body],
    ['zstd', body],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 31 << 3, ...Buffer.alloc(20)])],
  ])('%s that is none is corrupt', async (encoding, bytes) => {
    expect(await decode(encoding, bytes, 10_000)).toEqual({ kind: 'corrupt' });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['deflate', deflateSync(Buffer.alloc(5_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ['zstd', zstd(Buffer.alloc(20_000))],
  ])('%s that unfolds to more than is allowed is too large', async (encoding, bytes) => {
    expect(await decode(encoding, bytes, 10_000)).toEqual({ kind: 'too-large' });
  });

  it('may unfold to exactly what is allowed', async () => {
    expect(await decode('gzip', gzipSync(body), body.length)).toMatchObject({ kind: 'decoded' });
    expect(await decode('gzip', gzipSync(body), body.length - 1)).toEqual({ kind: 'too-large' });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ['zstd', zstd(Buffer.alloc(60_000))],
  ])('%s that unfolds to more than there is room for is turned away, and takes no more than that', async (encoding, bytes) => {
    const budget = new BodyBudget(50_000);
    const share = new BodyShare(budget);
    expect(await decodeRequestBody(encoding, bytes, 10_000_000, share)).toEqual({ kind: 'no-room' });
    expect(budget.refused).toBe(1);
    share.release();
    expect(budget.held).toBe(0);
  });
});
