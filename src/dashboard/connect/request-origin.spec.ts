import { describe, expect, it } from '@jest/globals';
import { originOf } from './request-origin.js';

describe('the address the browser used', () => {
  it.each([
    ['gateway.example:8080', 'https', 'https://gateway.example:8080'],
    ['127.0.0.1:1', 'http', 'http://127.0.0.1:1'],
    ['[::1]:8080', 'http', 'http://[::1]:8080'],
  ])('%s is told as it is', (host, protocol, origin) => expect(originOf({ protocol, headers: { host } })).toBe(origin));

  it.each([undefined, '', 'a b', 'x;rm -rf /', '$(id)', 'a/b', 'host:port'])('is not made from %j', (host) =>
    expect(originOf({ protocol: 'http', headers: { host } })).toBe('http://127.0.0.1:8080'));
});
