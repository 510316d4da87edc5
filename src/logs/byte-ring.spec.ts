import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteRing } from './byte-ring.js';

const text = (length: number, letter: string): string => letter.repeat(length);
const read = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const isInRing = (bytes: Uint8Array, capacity: number): boolean => bytes.buffer.byteLength === capacity && bytes.length < capacity;

describe('ByteRing', () => {
  it('holds a text as UTF-8, whatever is in it', () => {
    const all = 'Zürich 東京 🎉 \u0000 "\\';
    expect(read(new ByteRing(100).put(all))).toBe(all);
  });

  it('puts a text elsewhere when there is no room for it in one piece', () => {
    const ring = new ByteRing(8);
    expect(isInRing(ring.put(text(5, 'a')), 8)).toBe(true);
    const second = ring.put(text(4, 'b'));
    expect(isInRing(second, 8)).toBe(false);
    expect(read(second)).toBe('bbbb');
    expect(read(new ByteRing(8).put(text(9, 'c')))).toBe(text(9, 'c'));
  });

  it('counts bytes, not characters', () => {
    const wide = new ByteRing(8).put('東京東');
    expect(isInRing(wide, 8)).toBe(false);
    expect(read(wide)).toBe('東京東');
  });

  it('goes on at its beginning where the oldest have been given back, and no further', () => {
    const ring = new ByteRing(10);
    const oldest = ring.put(text(4, 'a'));
    const kept = ring.put(text(4, 'b'));
    ring.free(oldest);
    const wrapped = ring.put(text(3, 'c'));
    expect(isInRing(wrapped, 10)).toBe(true);
    expect(wrapped.byteOffset).toBe(0);
    expect(isInRing(ring.put(text(2, 'd')), 10)).toBe(false);
    expect(read(kept)).toBe('bbbb');
  });

  it('is full, not empty, when the youngest ends where the oldest begins', () => {
    const ring = new ByteRing(8);
    const oldest = ring.put(text(4, 'a'));
    ring.put(text(4, 'b'));
    ring.free(oldest);
    ring.put(text(4, 'c'));
    expect(isInRing(ring.put('d'), 8)).toBe(false);
  });

  it('takes no notice when bytes are given back that it had no room for', () => {
    const ring = new ByteRing(8);
    const inside = ring.put(text(6, 'a'));
    const outside = ring.put(text(6, 'b'));
    ring.free(outside);
    expect(read(ring.put(text(6, 'c')))).toBe('cccccc');
    expect(read(inside)).toBe('aaaaaa');
  });

  it('never lets two that are there share a byte, whatever comes and goes', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant('free' as const)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const ring = new ByteRing(64);
        const there: { readonly bytes: Uint8Array; readonly text: string }[] = [];
        for (const [index, step] of all.entries()) {
          const oldest = step === 'free' ? there.shift() : undefined;
          if (oldest !== undefined) ring.free(oldest.bytes);
          const next = step === 'free' ? undefined : text(step, String.fromCharCode(33 + (index % 90)));
          if (next !== undefined) there.push({ bytes: ring.put(next), text: next });
          for (const each of there) expect(read(each.bytes)).toBe(each.text);
        }
      }),
    );
  });
});
