import type { Outcome } from '../domain/outcome.js';

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
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
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return 'dns';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'connect-timeout';
    default:
      return isTlsCode(code) ? 'tls' : 'network';
  }
};

/** Bytes came that are not HTTP/1.1, or more header bytes than anyone needs. Codes of llhttp and undici. */
export const isProtocolError = (error: unknown): boolean => {
  const code = codeOf(error);
  return code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW';
};
