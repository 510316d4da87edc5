import { describe, expect, it } from '@jest/globals';
import { clientAddress } from './client-address.js';

const peer = '10.0.0.1';

describe('the address of a client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['192.0.2.7:51234', '192.0.2.7'],
    ['[2001:db8::7]:51234', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['fe80::7%free-text', 'fe80::7'],
  ])('is what a proxy says: %s', (said, address) => {
    expect(clientAddress(said, peer)).toBe(address);
  });

  it.each(['', 'unknown', '_hidden', 'sk-ant-key', '192.0.2.300', '192.0.2.7:', '192.0.2.7:x', '[free text]:1', '192.0.2.7, 192.0.2.8', '%', '%192.0.2.7'])(
    'is the peer’s own where a proxy says %j',
    (said) => {
      expect(clientAddress(said, peer)).toBe(peer);
    },
  );

  it('is the peer’s own as the system names it, zone included', () => {
    expect(clientAddress('fe80::1%eth0', 'fe80::1%eth0')).toBe('fe80::1%eth0');
    expect(clientAddress(undefined, peer)).toBe(peer);
  });

  it('is unknown once the connection has gone', () => {
    expect(clientAddress(undefined, undefined)).toBe('unknown');
    expect(clientAddress('free text', undefined)).toBe('unknown');
  });
});
