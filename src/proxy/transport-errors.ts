import { forbiddenAddressCode } from '../domain/forbidden-address.js';
import type { Outcome } from '../domain/outcome.js';

/** Errors wrap errors; nobody wraps deeper than this, except in a circle. */
const causesMax = 8;

const codeOf = (error: unknown, depth = 0): string => {
  if (typeof error !== 'object' || error === null || depth > causesMax) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause, depth + 1) : '';
};

/** Codes of OpenSSL and of Node's certificate verification. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const isTlsCode = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERROR_IN_CERT|CRL_)/.test(code);

type UnreachableCause = (Outcome & { kind: 'unreachable' })['cause'];

/** Why no connection came about. */
export const unreachableCause = (error: unknown): UnreachableCause => {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return 'dns';
    case forbiddenAddressCode:
      return 'forbidden';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'connect-timeout';
    default:
      return isTlsCode(code) ? 'tls' : 'network';
  }
};

/** Bytes came that are not HTTP/1.1, or more header bytes than anyone needs. undici's parser errors often lack their code. */
export const isProtocolError = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'HTTPParserError') || codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW';
