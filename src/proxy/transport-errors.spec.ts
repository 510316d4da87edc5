import { describe, expect, it } from '@jest/globals';
import { isProtocolError, unreachableCause } from './transport-errors.js';

const failed = (code: unknown, cause?: unknown): Error => Object.assign(new Error('secret words of the system', { cause }), { code });

describe('why no connection came about', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EAI_FAIL', 'dns'],
    ['EAI_NONAME', 'dns'],
    ['ETIMEDOUT', 'connect-timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
    ['ECONNRESET', 'network'],
    ['ENETUNREACH', 'network'],
    ['EHOSTUNREACH', 'network'],
    ['EMFILE', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['SOMETHING_NEW', 'network'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['CERT_NOT_YET_VALID', 'tls'],
    ['HOSTNAME_MISMATCH', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls'],
    ['EPROTO', 'tls'],
  ])('%s → %s', (code, cause) => {
    expect(unreachableCause(failed(code))).toBe(cause);
  });

  it('is found behind the error that wraps it', () => {
    expect(unreachableCause(new Error('fetch failed', { cause: failed('ECONNREFUSED') }))).toBe('refused');
    expect(unreachableCause(failed(20, failed('ENOTFOUND')))).toBe('dns');
  });

  it('is that of the first address when several were tried in vain', () => {
    const both = Object.assign(new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')]), { code: 'ECONNREFUSED' });
    expect(unreachableCause(both)).toBe('refused');
  });

  it.each([[undefined], [null], ['ECONNREFUSED'], [{}], [{ code: 7 }], [new Error('no code')]])('is the network when nothing better is known: %p', (error) => {
    expect(unreachableCause(error)).toBe('network');
  });

  it('is found in bounded time when an error claims to have caused itself', () => {
    const error = new Error('circular');
    error.cause = error;
    expect(unreachableCause(error)).toBe('network');
  });
});

describe('bytes that are not HTTP', () => {
  it.each([
    ['HPE_INVALID_CONSTANT', true],
    ['HPE_INVALID_HEADER_TOKEN', true],
    ['HPE_UNEXPECTED_CONTENT_LENGTH', true],
    ['UND_ERR_HEADERS_OVERFLOW', true],
    ['UND_ERR_SOCKET', false],
    ['ECONNRESET', false],
    ['UND_ERR_INVALID_ARG', false],
    ['', false],
  ])('%s → %s', (code, expected) => {
    expect(isProtocolError(failed(code))).toBe(expected);
  });
});
