import { describe, expect, it } from '@jest/globals';
import { claimedWindowBytes, unfoldZstd, ZstdDecoder } from './zstd.js';

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

const readAll = (chunks: readonly Buffer[]): { readonly text: string; readonly gaveUp: number } => {
  const seen = { text: '', gaveUp: 0 };
  const decoder = new ZstdDecoder({ decoded: (bytes) => (seen.text += bytes.toString()), gaveUp: () => seen.gaveUp++ }, 1_000_000);
  for (const chunk of chunks) decoder.push(chunk);
  decoder.end(() => undefined);
  return seen;
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

  it('is decoded in any chunking', () => {
    const frame = rawBlock('hello hello');
    for (let at = 1; at < frame.length; at++) {
      expect(readAll([frame.subarray(0, at), frame.subarray(at)])).toEqual({ text: 'hello hello', gaveUp: 0 });
    }
  });

  it.each([14, 20, 31])('is given up before anything is allocated when it claims 2^(10 + %i) bytes', (exponent) => {
    expect(readAll([windowed(exponent), Buffer.alloc(64)])).toEqual({ text: '', gaveUp: 1 });
    expect(() => unfoldZstd(Buffer.concat([windowed(exponent), Buffer.alloc(64)]), 1_000)).toThrow('claims more');
  });

  it('is given up when a second one follows, wherever the bytes are cut, because that one may claim more', () => {
    const both = Buffer.concat([rawBlock('first'), windowed(31)]);
    for (let at = rawBlock('first').length - 2; at < both.length; at++) {
      expect(readAll([both.subarray(0, at), both.subarray(at)]).gaveUp).toBe(1);
    }
  });

  it('is no riddle when it is none', () => {
    expect(readAll([Buffer.from('data: this is not zstd at all\n\n')]).gaveUp).toBe(1);
  });
});
