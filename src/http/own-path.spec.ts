import { describe, expect, it } from '@jest/globals';
import { ownPath } from './own-path.js';

describe('a path of our own', () => {
  it.each([
    ['/web/', '/web/'],
    ['/web/logs.html?model=a&hours=3#top', '/web/logs.html?model=a&hours=3#top'],
    ['/web//evil.example', '/web//evil.example'],
    ['/web/?back=https://evil.example', '/web/?back=https://evil.example'],
    ['/web/../admin', '/admin'],
  ])('is %s', (text, path) => {
    expect(ownPath(text)).toBe(path);
  });

  it.each([
    [''],
    ['web/'],
    ['https://evil.example/'],
    ['//evil.example/'],
    ['///evil.example/'],
    ['/\\evil.example/'],
    ['\\\\evil.example/'],
    ['/\t/evil.example'],
    ['/\n/evil.example'],
    ['\t//evil.example'],
    [' //evil.example'],
    ['/.//evil.example'],
    ['/web/..//evil.example'],
    ['/%2e//evil.example'],
    ['javascript:alert(1)'],
    ['/web\\..\\evil'],
    ['/web/\u0000'],
    ['/web/\r\nSet-Cookie: a=b'],
    ['/\ud800'],
    [`/${'x'.repeat(2048)}`],
  ])('is not %j', (text) => {
    expect(ownPath(text)).toBeUndefined();
  });
});
