import { describe, expect, it } from '@jest/globals';
import { cookieValue } from './cookies.js';

describe('the value of a cookie', () => {
  it.each([
    ['a=1', '1'],
    ['b=2; a=1', '1'],
    [' a=1 ', '1'],
    ['a=x%20y', 'x y'],
    ['a=1; a=2', '1'],
    ['a=', ''],
    ['a=b=c', 'b=c'],
  ])('in %j is %j', (header, value) => expect(cookieValue(header, 'a')).toBe(value));

  it.each([
    ['no header', undefined],
    ['a longer name that ends like it', 'ba=1'],
    ['a name without a value', 'a'],
    ['an escape that is none', 'a=%'],
    ['a header that is too long', `a=1; ${'x'.repeat(8_192)}`],
  ])('is not there in %s', (_what, header) => expect(cookieValue(header, 'a')).toBeUndefined());
});
