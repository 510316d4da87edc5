import { describe, expect, it } from '@jest/globals';
import { networkOf } from './network.js';

describe('an address', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:DB8:0001:2::1'],
    ['2001:db8:1::1', '2001:db8:1:0:1::'],
    ['2001:db8::1', '2001:db8:0:0:ffff::'],
    ['fe80::1%eth0', 'fe80::2%eth1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
  ])('%s stands for the same as %s', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['::1', '1::'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.2'],
    ['10.0.0.1', '10.0.0.2'],
    ['', '::1'],
  ])('%s stands for another than %s', (one, other) => {
    expect(networkOf(one)).not.toBe(networkOf(other));
  });
});
