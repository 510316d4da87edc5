import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowedAmong, forbiddenHostProblem, ForbiddenAddressError, isForbiddenAddress } from './forbidden-address.js';

describe('an address', () => {
  it.each([
    '169.254.0.0',
    '169.254.169.254',
    '169.254.255.255',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fe80::1',
    'fe80::1%eth0',
    'FEBF:ffff::',
    'fd00:ec2::254',
    'fd00:ec2:0:0::23',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    'fd00:a9fe:a9fe::1',
    'fd00:100::100:200',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:a9fe:1',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b::6464:64c8',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:a9:fe00::',
    '64:ff9b:1:a9:fe:a9fe::',
    '64:ff9b:1:5:a9:fea9:fe00::',
    '64:ff9b:1:5:6:7:100.100.100.200',
    '2002:a9fe:a9fe::1',
  ])('%s is forbidden', (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each(['', 'localhost', 'no address', '::1::2', '[fe80::1', ':', '%eth0', '300.1.1.1', '1.2.3.4.5'])(
    'that is none (%j) is forbidden',
    (text) => {
      expect(isForbiddenAddress(text)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '10.0.0.7',
    '172.17.0.1',
    '192.168.1.2',
    '169.253.255.255',
    '169.255.0.0',
    '100.100.100.100',
    '192.0.0.191',
    '168.63.129.17',
    '0.0.0.0',
    '::',
    '::1',
    'fe7f::1',
    'fec0::1',
    'fd00::1',
    'fd00:ec3::254',
    'fd20:ce::253',
    'fd00:42::43',
    'fd00:a9fe:a9fe::2',
    'fd00:100::100:201',
    '64:ff9b:1:a9fd:1:200::',
    '64:ff9b:1:808:8:800::',
    '64:ff9b:2:a9fe:a9:fe00::',
    '::ffff:127.0.0.1',
    '64:ff9b::1.1.1.1',
    '2002:a9fd::1',
    '2606:4700::1111',
  ])('%s is allowed', (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });

  it('is judged as the block list of Node judges it, whatever it is', () => {
    const list = new BlockList();
    list.addSubnet('169.254.0.0', 16);
    list.addSubnet('fe80::', 10, 'ipv6');
    list.addSubnet('fd00:ec2::', 32, 'ipv6');
    for (const address of ['100.100.100.200', '192.0.0.192', '168.63.129.16']) list.addAddress(address);
    for (const address of ['fd20:ce::254', 'fd00:c1::a9fe:a9fe', 'fd00:42::42', 'fd00:a9fe:a9fe::1', 'fd00:100::100:200']) list.addAddress(address, 'ipv6');
    const octet = fc.oneof(fc.nat(255), fc.constantFrom(0, 100, 168, 169, 192, 200, 253, 254, 255));
    const ipv4 = fc.oneof(fc.tuple(octet, octet, octet, octet), fc.tuple(fc.constantFrom(169, 168), fc.constantFrom(254, 253, 63), octet, octet)).map((octets) => octets.join('.'));
    const group = fc.oneof(fc.nat(0xffff), fc.constantFrom(0xfe80, 0xfebf, 0xfec0, 0xfd00, 0xfd20, 0xce, 0xc1, 0xec2, 0x254, 0xa9fe));
    // Groups that begin with nothing but zeros would hold an IPv4 address, of which the list of Node knows the mapped form only.
    const ipv6 = fc.tuple(fc.constantFrom(0xfe80, 0xfe81, 0xfebf, 0xfec0, 0xfd00, 0xfd20, 0x2606), fc.array(group, { minLength: 7, maxLength: 7 })).map((all) => all.flat().map((each) => each.toString(16)).join(':'));
    fc.assert(fc.property(ipv4, (address) => isForbiddenAddress(address) === list.check(address)), { numRuns: 2000 });
    fc.assert(fc.property(ipv4, (address) => isForbiddenAddress(`::ffff:${address}`) === list.check(address)));
    fc.assert(fc.property(ipv6, (address) => isForbiddenAddress(address) === list.check(address, 'ipv6')), { numRuns: 2000 });
  });
});

describe('a URL', () => {
  it.each([
    'http://169.254.169.254',
    'http://169.254.169.254.:80/v1',
    'http://2852039166',
    'http://0xa9fea9fe',
    'http://0251.0376.0251.0376',
    'http://0xA9.254.43518',
    'http://169.254.43518',
    'http://１６９.254.169.254',
    'http://169%2e254.169.254',
    'https://[fe80::1]:8443',
    'https://[::ffff:169.254.169.254]',
    'https://[0:0:0:0:0:FFFF:A9FE:A9FE]',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[fd00:0ec2:0:0:0:0:0:0254]/',
  ])('that writes a forbidden address as %s is refused with a sentence that says how to allow it', (url) => {
    expect(forbiddenHostProblem(url)).toMatch(/^url must not lead to \S+: link-local .* unless CCLOAD_ALLOW_LINK_LOCAL=true$/);
  });

  it.each(['https://api.anthropic.com', 'http://127.0.0.1:1', 'http://10.0.0.1', 'http://[::1]:8080', 'http://metadata.google.internal', 'http://fe80.example'])(
    'such as %s is fine as far as can be told without a look-up',
    (url) => {
      expect(forbiddenHostProblem(url)).toBeUndefined();
    },
  );
});

describe('the addresses of a name', () => {
  it('are those that are allowed', () => {
    expect(allowedAmong([{ address: 'fe80::1' }, { address: '192.168.1.5' }])).toEqual([{ address: '192.168.1.5' }]);
  });

  it('are an error when all of them are forbidden, or there are none', () => {
    expect(allowedAmong([{ address: '169.254.1.1' }, { address: 'fe80::1' }])).toBeInstanceOf(ForbiddenAddressError);
    expect(allowedAmong([])).toBeInstanceOf(ForbiddenAddressError);
  });
});
