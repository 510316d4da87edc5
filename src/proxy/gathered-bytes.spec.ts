import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GatheredBytes } from './gathered-bytes.js';

const kibibyte = 1024;

const gather = (announced: number, chunks: readonly Buffer[], bytesMax = 1_000_000): GatheredBytes => {
  const gathered = new GatheredBytes(announced, bytesMax);
  for (const chunk of chunks) gathered.push(chunk);
  return gathered;
};

describe('gathered bytes', () => {
  it('are nothing before anything came', () => {
    expect(new GatheredBytes(5, 10).whole()).toHaveLength(0);
  });

  it('are the one chunk itself when it is the whole: nothing is copied', () => {
    const chunk = Buffer.from('hello');
    expect(gather(5, [chunk]).whole()).toBe(chunk);
    expect(gather(0, [chunk]).whole()).toBe(chunk);
  });

  it('are what came, in order, however it was cut and whether or not it was announced', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), fc.boolean(), (parts, isAnnounced) => {
        const chunks = parts.map((part) => Buffer.from(part));
        const all = Buffer.concat(chunks);
        expect(gather(isAnnounced ? all.length : 0, chunks).whole().equals(all)).toBe(true);
      }),
    );
  });

  it('tell beforehand how much they will hold', () => {
    const gathered = gather(100, [Buffer.alloc(60)]);
    expect(gathered.roomFor(40)).toBe(100);
    expect(gathered.roomFor(1)).toBe(100);
  });

  it('make no room for an announcement alone: a large body gets it as it comes', () => {
    const gathered = new GatheredBytes(64 * kibibyte * kibibyte, 64 * kibibyte * kibibyte);
    expect(gathered.roomFor(1)).toBe(256 * kibibyte);
  });

  it('never make more room than may come', () => {
    const gathered = gather(0, [Buffer.alloc(600), Buffer.alloc(300)], 1_000);
    expect(gathered.roomFor(100)).toBe(1_000);
  });

  it('keep what came when more came than was announced', () => {
    expect(gather(3, [Buffer.from('he'), Buffer.from('llo')]).whole().toString()).toBe('hello');
  });
});
