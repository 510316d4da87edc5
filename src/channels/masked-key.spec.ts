import { describe, expect, it } from '@jest/globals';
import { isMasked, maskedKey } from './masked-key.js';

describe('a masked key', () => {
  it.each([
    ['sk-ant-api03-abcdefghijklmnop', 'sk-ant-****mnop'],
    ['0123456789abcdef', '0123456****cdef'],
    ['0123456789abcde', '****'],
    ['short', '****'],
    ['', '****'],
  ])('of %j is %j', (key, shown) => {
    expect(maskedKey(key)).toBe(shown);
  });

  it.each(['', 'sk-ant-api03-abcdefghijklmnop', 'sk-***-three-stars'])('is told from the key %j', (key) => {
    expect([isMasked(key), isMasked(maskedKey(key))]).toEqual([false, true]);
  });
});
