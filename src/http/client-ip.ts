import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { clientAddress } from './client-address.js';

/** Who sent the request, believing `X-Forwarded-For` only from the addresses the operator trusts. */
export const clientIpBehind = (trustedProxies: readonly string[]): ((request: IncomingMessage) => string) => {
  if (trustedProxies.length === 0) return (request) => request.socket.remoteAddress ?? '';
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request) => clientAddress(proxyAddr(request, trust), request.socket.remoteAddress);
};
