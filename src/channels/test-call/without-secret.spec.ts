import { describe, expect, it } from '@jest/globals';
import { withoutSecret } from './without-secret.js';

const secret = 'sk-/"0123456789+abcd';
const shown = 'sk-/"01****abcd';

describe('what an upstream repeats', () => {
  it.each([
    ['plain', `key ${secret}!`, `key ${shown}!`],
    ['twice', `${secret}${secret}`, `${shown}${shown}`],
    ['in JSON', JSON.stringify({ key: secret }), `{"key":"${shown}"}`],
    ['in JSON with escaped slashes', 'sk-\\/\\"0123456789+abcd', shown],
    ['in a URL', encodeURIComponent(secret), shown],
    ['in base64', Buffer.from(secret).toString('base64'), shown],
    ['behind a scheme', `Bearer ${secret}`, `Bearer ${shown}`],
  ])('%s has no key in it', (_what, text, masked) => {
    expect(withoutSecret(text, secret)).toBe(masked);
  });

  it('stays as it is when there is no key in it, or no key at all', () => {
    expect(withoutSecret('sk-other', secret)).toBe('sk-other');
    expect(withoutSecret('text', '')).toBe('text');
  });

  it('is not mistaken for a pattern', () => {
    expect(withoutSecret('a.c $& abc', 'a.c')).toBe('**** $& abc');
    expect(withoutSecret('x', '$&')).toBe('x');
  });
});
