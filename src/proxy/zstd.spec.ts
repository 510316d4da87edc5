import { describe, expect, it } from '@jest/globals';
import { claimedWindowBytes, createSlicedZstd, unfoldZstd } from './zstd.js';

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** `hello hello hello\n`, as the zstd command line writes it (single segment, one raw or compressed block). */
const rawBlock = (text: string): Buffer => {
  const content = Buffer.from(text);
  const header = Buffer.from([...magic, 0x20, content.length]);
  const block = Buffer.alloc(3);
  block.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([header, block, content]);
};

/** A frame header that claims a window of 2^(10 + exponent) bytes. */
const windowed = (exponent: number): Buffer => Buffer.from([...magic, 0x00, exponent << 3]);

/** A frame of `count` raw blocks of one byte each, with a window of 2^(10 + exponent) bytes. */
const tinyBlocks = (exponent: number, count: number): Buffer => {
  const block = Buffer.from([1 << 3, 0, 0, 0x78]);
  const last = Buffer.from([(1 << 3) | 1, 0, 0, 0x78]);
  return Buffer.concat([windowed(exponent), ...new Array<Buffer>(count - 1).fill(block), last]);
};

interface Unfolded {
  readonly text: string;
  /** The error's code where it has one, else its sentence. */
  readonly problem: string | undefined;
}

const readAll = (chunks: readonly Buffer[]): Promise<Unfolded> =>
  new Promise((resolve) => {
    let text = '';
    const unfolding = createSlicedZstd();
    unfolding
      .on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
      .on('end', () => resolve({ text, problem: undefined }))
      .on('error', (error: NodeJS.ErrnoException) => resolve({ text, problem: error.code ?? error.message }));
    for (const chunk of chunks) unfolding.write(chunk);
    unfolding.end();
  });

/** The longest that one turn of the event loop takes until the promise is settled, in ms. */
const longestTurn = async (promise: Promise<unknown>): Promise<number> => {
  let longestMs = 0;
  let isOver = false;
  void promise.finally(() => (isOver = true));
  for (let at = performance.now(); !isOver; ) {
    await new Promise(setImmediate);
    longestMs = Math.max(longestMs, performance.now() - at);
    at = performance.now();
  }
  return longestMs;
};

describe('a zstd frame', () => {
  it.each([
    ['1 KiB, the least there is', windowed(0), 1024],
    ['8 MiB, the most HTTP allows', windowed(13), 8 * 1024 * 1024],
    ['2 TiB, the most the format allows', windowed(31), 2 ** 41],
    ['its content, in one byte', Buffer.from([...magic, 0x20, 7]), 7],
    ['its content, in two bytes that begin at 256', Buffer.from([...magic, 0x60, 1, 0]), 257],
    ['its content, in eight bytes, behind a dictionary id', Buffer.from([...magic, 0xe1, 9, 0, 0, 0, 0, 1, 0, 0, 0]), 2 ** 32],
  ])('claims a window of %s', (_, head, bytes) => {
    expect(claimedWindowBytes(head)).toBe(bytes);
  });

  it.each([4, 5].map((length) => [length]))('claims nothing yet when only %i bytes have come', (length) => {
    expect(claimedWindowBytes(windowed(13).subarray(0, length))).toBeUndefined();
  });

  it('is decoded in any chunking', async () => {
    const frame = rawBlock('hello hello');
    for (let at = 1; at < frame.length; at++) {
      expect(await readAll([frame.subarray(0, at), frame.subarray(at)])).toEqual({ text: 'hello hello', problem: undefined });
    }
  });

  it('keeps what came before it is cut, and says so as zlib does', async () => {
    const frame = tinyBlocks(0, 20);
    expect(await readAll([frame.subarray(0, -4)])).toEqual({ text: 'x'.repeat(19), problem: 'Z_BUF_ERROR' });
  });

  it.each([14, 20, 31])('is given up before anything is allocated when it claims 2^(10 + %i) bytes', async (exponent) => {
    expect(await readAll([windowed(exponent), Buffer.alloc(64)])).toEqual({ text: '', problem: 'the frame claims more than it may' });
    expect(() => unfoldZstd(Buffer.concat([windowed(exponent), Buffer.alloc(64)]), 1_000)).toThrow('no zstd frame');
  });

  it('is given up when a second one follows, wherever the bytes are cut, because that one may claim more', async () => {
    const both = Buffer.concat([rawBlock('first'), windowed(31)]);
    for (let at = rawBlock('first').length - 2; at < both.length; at++) {
      expect((await readAll([both.subarray(0, at), both.subarray(at)])).problem).toBe('a second frame is not read');
    }
  });

  it('is no riddle when it is none', async () => {
    expect((await readAll([Buffer.from('data: this is not zstd at all\n\n')])).problem).toBeDefined();
  });
});

describe('a zstd frame of four-byte blocks, each of which moves a window of 8 MiB', () => {
  it('is unfolded a little in each turn of the event loop', async () => {
    const reading = readAll([tinyBlocks(13, 1_000)]);
    // All at once it takes half a second and more.
    expect(await longestTurn(reading)).toBeLessThan(250);
    expect(await reading).toEqual({ text: 'x'.repeat(1_000), problem: undefined });
  });

  it('is given up after 16 GiB have been moved, whatever is to come', async () => {
    const { text, problem } = await readAll([tinyBlocks(13, 3_000)]);
    expect({ letters: text.length, problem }).toEqual({ letters: 2_047, problem: 'the frame takes too long to unfold' });
  });

  it('is unfolded as far as 256 MiB go where the result is wanted at once', () => {
    expect(unfoldZstd(tinyBlocks(13, 16_000), 1_000_000).length).toBeLessThan(40);
  });
});
