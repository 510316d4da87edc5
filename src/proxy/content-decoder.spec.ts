import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { encode } from '../../test/support/script.js';
import { createDecoder, decodedBytesMax, decodeText } from './content-decoder.js';

const text = 'event: ping\ndata: {"é": "中🙂"}\n\n'.repeat(50);

const encoders: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  gzip: (content) => gzipSync(content),
  'x-gzip': (content) => gzipSync(content),
  deflate: (content) => deflateSync(content),
  br: (content) => brotliCompressSync(content),
  zstd: (content) => encode('zstd', content.toString()),
};
const codings = Object.keys(encoders);
const encoded = (coding: string, content: string | Buffer): Buffer => encoders[coding]?.(Buffer.from(content)) ?? Buffer.alloc(0);

interface Decoded {
  readonly bytes: Buffer;
  readonly gaveUp: number;
}

/** Feeds the chunks to a decoder and waits for its end. */
const decode = (coding: string, chunks: readonly Buffer[]): Promise<Decoded> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let gaveUp = 0;
    const decoder = createDecoder(coding, { decoded: (chunk) => parts.push(Buffer.from(chunk)), gaveUp: () => gaveUp++ });
    if (decoder === undefined) return reject(new Error(`no decoder for ${coding}`));
    for (const chunk of chunks) decoder.push(chunk);
    decoder.end(() => resolve({ bytes: Buffer.concat(parts), gaveUp }));
  });

const split = (bytes: Buffer, size: number): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

/** A zstd frame of RLE blocks: four bytes of input for each 128 KiB of output (RFC 8878 §3.1.1.2.2). */
const zstdBomb = (blocks: number): Buffer => {
  const frameHead = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const block = Buffer.alloc(4, 'x');
  block.writeUIntLE(((128 * 1024) << 3) | (1 << 1), 0, 3);
  return Buffer.concat([frameHead, ...Array.from({ length: blocks }, () => block)]);
};

describe('a content decoder', () => {
  it.each(codings.flatMap((coding) => [1, 7, 100_000].map((size) => [coding, size] as const)))(
    'undoes %s, whatever the chunks (%i bytes each)',
    async (coding, size) => {
      expect(await decode(coding, split(encoded(coding, text), size))).toEqual({ bytes: Buffer.from(text), gaveUp: 0 });
    },
  );

  it.each([' GZip ', 'BR', 'Zstd'])('knows its coding in any case and with spaces: "%s"', async (coding) => {
    expect((await decode(coding, [encoded(coding.trim().toLowerCase(), text)])).bytes.toString()).toBe(text);
  });

  it.each(['gzip, br', 'compress', 'dcb', '', 'gzip;q=1'])('is not offered for what cannot be read: "%s"', (coding) => {
    expect(createDecoder(coding, { decoded: () => undefined, gaveUp: () => undefined })).toBeUndefined();
  });

  it.each(['gzip', 'br'])('tells what it has after every chunk, before the end (%s)', async (coding) => {
    const half = encoded(coding, Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 7919) % 251)));
    let decodedBytes = 0;
    await new Promise<void>((resolve) => {
      const decoder = createDecoder(coding, {
        decoded: (chunk) => {
          decodedBytes += chunk.length;
          decoder?.stop();
          resolve();
        },
        gaveUp: resolve,
      });
      decoder?.push(half.subarray(0, half.length / 2));
    });
    expect(decodedBytes).toBeGreaterThan(0);
  });

  it.each(codings)('gives up once, and ends, when the bytes are not %s', async (coding) => {
    const { bytes, gaveUp } = await decode(coding, split(Buffer.from('{"plain": "JSON under a wrong name, long enough"}'), 16));
    expect([bytes.length, gaveUp]).toEqual([0, 1]);
  });

  it.each(codings)('ends without giving up when the bytes stop too soon: what came is decoded, the reader misses the rest (%s)', async (coding) => {
    const whole = encoded(coding, text);
    const { bytes, gaveUp } = await decode(coding, [whole.subarray(0, whole.length - 3)]);
    expect(gaveUp).toBe(0);
    expect(text.startsWith(bytes.toString().replace(/\ufffd+$/, ''))).toBe(true);
  });

  it('gives up a bomb at its bound', async () => {
    const zeros = gzipSync(Buffer.alloc(decodedBytesMax + 1024 * 1024));
    const { bytes, gaveUp } = await decode('gzip', split(zeros, 16 * 1024));
    expect(gaveUp).toBe(1);
    expect(bytes.length).toBeLessThanOrEqual(decodedBytesMax);
  });

  it('gives up a zstd bomb at its bound without unfolding the rest', async () => {
    const startedAt = performance.now();
    const { bytes, gaveUp } = await decode('zstd', [zstdBomb(64_000)]);
    expect(gaveUp).toBe(1);
    expect(bytes.length).toBeLessThanOrEqual(decodedBytesMax);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each(codings)('is silent after it was stopped (%s)', async (coding) => {
    const heard: string[] = [];
    const decoder = createDecoder(coding, { decoded: () => heard.push('decoded'), gaveUp: () => heard.push('gaveUp') });
    decoder?.stop();
    decoder?.push(encoded(coding, text));
    decoder?.push(Buffer.from('garbage, which would make it give up'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([]);
  });

  it.each(codings)('still says that it is done when it ended after giving up (%s)', async (coding) => {
    const { gaveUp } = await decode(coding, [Buffer.alloc(64, 'z'), Buffer.alloc(64, 'z')]);
    expect(gaveUp).toBe(1);
  });
});

describe('a short body read at once', () => {
  it.each(codings)('is decoded (%s)', (coding) => {
    expect(decodeText(coding, encoded(coding, text), 64 * 1024)).toBe(text);
  });

  it.each([
    ['without a coding', undefined],
    ['in a coding nobody knows', 'compress'],
    ['under the name of a coding it does not have', 'gzip'],
    ['under another such name', 'br'],
    ['under a third', 'zstd'],
  ])('is read as it is %s', (_, coding) => {
    expect(decodeText(coding, Buffer.from('{"error":"plain"}'), 64 * 1024)).toBe('{"error":"plain"}');
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('is decoded as far as it goes when it was cut (%s)', (coding) => {
    const long = Array.from({ length: 20_000 }, (_, i) => String((i * 7919) % 10_007)).join(' ');
    const whole = encoded(coding, long);
    const decoded = decodeText(coding, whole.subarray(0, coding === 'zstd' ? whole.length : whole.length - 10), 256 * 1024);
    expect(decoded.slice(0, 1_000)).toBe(long.slice(0, 1_000));
  });

  it.each([...codings, undefined])('is cut at its bound when more comes out (%s)', (coding) => {
    const long = 'x'.repeat(200_000);
    expect(decodeText(coding, coding === undefined ? Buffer.from(long) : encoded(coding, long), 1_000)).toBe('x'.repeat(1_000));
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['br', brotliCompressSync(Buffer.alloc(50 * 1024 * 1024))],
    ['zstd', zstdBomb(16_000)],
  ])('is never unfolded beyond reason when it is a bomb (%s)', (coding, bomb) => {
    const startedAt = performance.now();
    expect(decodeText(coding, bomb, 1_000).length).toBeLessThanOrEqual(1_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
