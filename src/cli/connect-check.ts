import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../database/error-message.js';
import { addressTurnMs } from '../domain/address-turn.js';
import { allowedAmong, forbiddenAddressCode, howToAllow } from '../domain/forbidden-address.js';
import { secondMs } from '../domain/time.js';

/** Longest look at one address: name, connection and TLS together. */
export const connectCheckMsMax = 5 * secondMs;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

const sentenceOf = (error: unknown, host: string): string => {
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be looked up (${code}): check the URL, and this machine's DNS`;
    case forbiddenAddressCode:
      return `${host} leads to an address that is not allowed: ${howToAllow}`;
    case 'ECONNREFUSED':
      return `${host} refuses the connection: check the port, and that the upstream runs`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `there is no way from here to ${host} (${code}): check this machine's network`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${host} has expired`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${host} is for another name`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate of ${host} is signed by nobody this machine knows; NODE_EXTRA_CA_CERTS can name the signer`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${host} does not speak TLS on this port: check http and https`;
    default:
      return `${host} cannot be reached: ${messageOf(error)}`;
  }
};

const connected = (socket: Socket, event: 'connect' | 'secureConnect', msMax: number): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${msMax} ms`)), msMax);
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    socket.once(event, () => settle(() => resolve()));
    // Stays on: a socket that fails after it was given up must not end the program.
    socket.on('error', (error) => settle(() => reject(error)));
  }).finally(() => socket.destroy());

const lookedUp = async (host: string, msMax: number, allowLinkLocal: boolean): Promise<LookupAddress[]> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`its name was not found within ${msMax} ms`)), msMax);
  });
  const found = await Promise.race([lookup(host, { all: true }), late]).finally(() => clearTimeout(timer));
  const allowed = allowLinkLocal ? found : allowedAmong(found);
  if (allowed instanceof Error) throw allowed;
  return allowed;
};

/** The socket connects to what was looked at: a name that is asked twice may answer otherwise the second time. */
const answeringWith =
  (found: LookupAddress[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    if (all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };

/**
 * Why `url` cannot be reached, as a sentence; `undefined` when a connection, for https with a trusted certificate, can be
 * made. Sends no request. Takes at most `msMax` for the name and as much for the connection.
 */
export const connectProblem = async (url: string, msMax: number = connectCheckMsMax, allowLinkLocal = false): Promise<string | undefined> => {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'https:';
  const turn = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressTurnMs(msMax) };
  const startedAt = performance.now();
  try {
    const found = await lookedUp(host, msMax, allowLinkLocal);
    const address = { host, port: port === '' ? (isTls ? 443 : 80) : Number(port), lookup: answeringWith(found), ...turn };
    const leftMs = Math.max(1, msMax - (performance.now() - startedAt));
    if (!isTls) await connected(connectPlain(address), 'connect', Math.ceil(leftMs));
    else await connected(connectTls({ ...address, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: true }), 'secureConnect', Math.ceil(leftMs));
    return undefined;
  } catch (error) {
    return sentenceOf(error, host);
  }
};
