import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newRequestId } from './request-id.js';

const now = 1_777_900_000_000;
const lastMs = 2 ** 48 - 1;

describe('a request id', () => {
  it('is a UUID of version 7 and the RFC variant, whatever the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastMs }), (time) => {
        expect(newRequestId(time)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it('tells the millisecond it was made in', () => {
    expect(Number.parseInt(newRequestId(now).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('sorts by time as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastMs }), fc.integer({ min: 0, max: lastMs }), (a, b) => {
        fc.pre(a !== b);
        expect(newRequestId(a) < newRequestId(b)).toBe(a < b);
      }),
    );
  });

  it('is never given twice, also not within one millisecond or across refills of the random pool', () => {
    const ids = Array.from({ length: 5_000 }, () => newRequestId(now));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes every value of the variant, so that no random bit is stuck', () => {
    const variants = new Set(Array.from({ length: 500 }, () => newRequestId(now).charAt(19)));
    expect([...variants].sort()).toEqual(['8', '9', 'a', 'b']);
  });
});
