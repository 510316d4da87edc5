import { isIP } from 'node:net';

/** Some proxies name the port too: `192.0.2.1:443`, `[2001:db8::1]:443`. */
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/** The address in an entry of `X-Forwarded-For`; `undefined` when it holds something else. The zone of IPv6 is free text. */
const addressIn = (entry: string): string | undefined => {
  const [, bracketed, dotted] = withPort.exec(entry) ?? [];
  const [address = ''] = (bracketed ?? dotted ?? entry).split('%', 1);
  return isIP(address) === 0 ? undefined : address;
};

/**
 * The address a request is known by, in logs too: what a trusted proxy says of it if that is an address, else the peer's
 * own. A proxy that hands on whatever clients write into `X-Forwarded-For` must not carry their text into the log.
 */
export const clientAddress = (forwarded: string | undefined, peer: string | undefined): string =>
  (forwarded === undefined || forwarded === peer ? peer : (addressIn(forwarded) ?? peer)) ?? 'unknown';
