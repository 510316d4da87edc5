/*
 * Addresses that no channel may lead to. Behind them sit services that hand credentials and configuration of this machine
 * to whoever can make it send a request, and no relay. Loopback and private ranges are not among them: local relays are
 * normal.
 */

/** An address as eight groups of 16 bits; IPv4 in its mapped form (RFC 4291 §2.5.5.2). */
type Groups = readonly number[];

/** The first `bits` bits of the address are the range's. */
interface Range {
  readonly groups: Groups;
  readonly bits: number;
}

const groupBits = 16;

/** The URL parser knows every spelling of an address and has one for each (WHATWG URL §3.5). */
const canonicalHost = (host: string): string | undefined => (URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : undefined);

const groupsIn = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));

const groupsOfIpv4 = (canonical: string): Groups => {
  const [a = 0, b = 0, c = 0, d = 0] = canonical.split('.').map(Number);
  return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d];
};

const groupsOfIpv6 = (canonical: string): Groups => {
  const [head = '', tail] = canonical.split('::');
  if (tail === undefined) return groupsIn(head);
  const [before, after] = [groupsIn(head), groupsIn(tail)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
};

/** `undefined` when the text is no address. The zone of a link-local one (`%eth0`, RFC 4007 §11) is passed over. */
const groupsOf = (address: string): Groups | undefined => {
  const withoutZone = address.replace(/%.*$/s, '');
  const canonical = canonicalHost(withoutZone.includes(':') ? `[${withoutZone}]` : withoutZone);
  if (canonical === undefined) return undefined;
  if (canonical.startsWith('[')) return groupsOfIpv6(canonical.slice(1, -1));
  return /^\d+(?:\.\d+){3}$/.test(canonical) ? groupsOfIpv4(canonical) : undefined;
};

const range = (address: string, bits: number): Range => {
  const groups = groupsOf(address) ?? [];
  return { groups, bits: address.includes(':') ? bits : bits + 96 };
};

const isIn = (address: Groups, { groups, bits }: Range): boolean =>
  groups.every((group, at) => {
    const ignored = groupBits - Math.min(groupBits, Math.max(0, bits - at * groupBits));
    return (address[at] ?? 0) >> ignored === group >> ignored;
  });

/** Each provider serves most of this at 169.254.0.0/16 too; named here are the addresses outside of link-local. */
const forbidden: readonly Range[] = [
  // Link-local (RFC 3927, RFC 4291 §2.5.6): metadata of AWS, Google, Azure, Oracle, DigitalOcean, OpenStack and others.
  range('169.254.0.0', 16),
  range('fe80::', 10),
  // AWS keeps this range for services of the instance: metadata at ::254, credentials of pods at ::23.
  range('fd00:ec2::', 32),
  // Metadata of Google Cloud and of Oracle Cloud over IPv6.
  range('fd20:ce::254', 128),
  range('fd00:c1::a9fe:a9fe', 128),
  // Metadata of Scaleway, Akamai (Linode) and Alibaba Cloud over IPv6, as cloud-init's pages and sources name them.
  range('fd00:42::42', 128),
  range('fd00:a9fe:a9fe::1', 128),
  range('fd00:100::100:200', 128),
  // Metadata of Alibaba Cloud, and of Oracle Cloud's first generation.
  range('100.100.100.200', 32),
  range('192.0.0.192', 32),
  // Azure's host, which hands an agent its certificates.
  range('168.63.129.16', 32),
];

/** Where the four bytes of an IPv4 address stand in an IPv6 address, counted from its first byte. */
type Places = readonly [number, number, number, number];

/** Prefixes behind which an IPv4 address is reached over IPv6, and where it may stand there. */
const translations: readonly (readonly [Range, ...Places[]])[] = [
  // NAT64 (RFC 6052 §2.1), translated (RFC 2765 §2.1), compatible (RFC 4291 §2.5.5.1), 6to4 (RFC 3056 §2).
  [range('64:ff9b::', 96), [12, 13, 14, 15]],
  [range('::ffff:0:0:0', 96), [12, 13, 14, 15]],
  [range('::', 96), [12, 13, 14, 15]],
  [range('2002::', 16), [2, 3, 4, 5]],
  // NAT64 of a network's own (RFC 8215): behind 48, 56, 64 or 96 bits, and never in the ninth byte (RFC 6052 §2.2).
  [range('64:ff9b:1::', 48), [6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]],
];

const byteAt = (address: Groups, at: number): number => ((address[at >> 1] ?? 0) >> (at % 2 === 0 ? 8 : 0)) & 0xff;

const ipv4At = (address: Groups, [a, b, c, d]: Places): Groups => [
  ...[0, 0, 0, 0, 0, 0xffff],
  byteAt(address, a) * 256 + byteAt(address, b),
  byteAt(address, c) * 256 + byteAt(address, d),
];

const reachedBy = (address: Groups): readonly Groups[] => {
  const inner = translations.flatMap(([prefix, ...places]) => (isIn(address, prefix) ? places.map((each) => ipv4At(address, each)) : []));
  return [address, ...inner];
};

const areForbidden = (groups: Groups): boolean => reachedBy(groups).some((address) => forbidden.some((each) => isIn(address, each)));

/**
 * Whether an address that a connection is about to be made to is link-local or a cloud's metadata service, however it is
 * written or embedded. What is no address at all counts as forbidden: nobody should connect to it. About 2 µs.
 */
export const isForbiddenAddress = (address: string): boolean => {
  const groups = groupsOf(address);
  return groups === undefined || areForbidden(groups);
};

/** The end of a sentence that begins with what was refused. */
export const howToAllow = 'link-local and cloud metadata addresses are refused unless CCLOAD_ALLOW_LINK_LOCAL=true';

/** Why the host of a valid URL must not be connected to, as a sentence; `undefined` for a name, which is judged once it is looked up. */
export const forbiddenHostProblem = (url: string): string | undefined => {
  const { hostname } = new URL(url);
  const groups = groupsOf(hostname.replace(/^\[|\]$/g, ''));
  return groups === undefined || !areForbidden(groups) ? undefined : `url must not lead to ${hostname}: ${howToAllow}`;
};

/** How a `ForbiddenAddressError` is known among the errors of sockets. */
export const forbiddenAddressCode = 'ERR_FORBIDDEN_ADDRESS';

/** A connection was refused before anything was sent. */
export class ForbiddenAddressError extends Error {
  readonly code = forbiddenAddressCode;
  constructor() {
    super('the address is link-local or a cloud metadata service');
  }
}

/** The addresses of a name that may be connected to; an error, as of a failed look-up, when there is none. */
export const allowedAmong = <T extends { readonly address: string }>(found: readonly T[]): T[] | ForbiddenAddressError => {
  const allowed = found.filter(({ address }) => !isForbiddenAddress(address));
  return allowed.length === 0 ? new ForbiddenAddressError() : allowed;
};
