import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { allowedAmong, ForbiddenAddressError, isForbiddenAddress } from '../domain/forbidden-address.js';

/** `dns.lookup`, as far as it is needed here. */
export type LookUp = (hostname: string, options: LookupAllOptions, callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void) => void;

/**
 * Looks a name up and keeps what may be connected to. It runs for every new connection and its answer is what the socket
 * connects to, so a name that changes its mind between a check and its use gains nothing.
 */
export const guardedLookup =
  (lookUp: LookUp): LookupFunction =>
  (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, found) => {
      const allowed = error ?? allowedAmong(found);
      if (allowed instanceof Error) callback(allowed, []);
      else if (options.all === true) callback(null, allowed);
      else callback(null, allowed[0]?.address ?? '', allowed[0]?.family);
    });
  };

/** A connector that refuses forbidden addresses written into the URL, for which sockets look nothing up. Names are its look-up's to judge. */
export const guarded =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) => {
    if (isIP(options.hostname) !== 0 && isForbiddenAddress(options.hostname)) queueMicrotask(() => callback(new ForbiddenAddressError(), null));
    else connect(options, callback);
  };
