import { describe, expect, it } from '@jest/globals';
import { errors } from 'undici';
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
    ['ERR_FORBIDDEN_ADDRESS', 'forbidden'],
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
    ['a parser error with its code', Object.assign(new errors.HTTPParserError(), { code: 'HPE_INVALID_CONSTANT' }), true],
    ['a parser error without one', new errors.HTTPParserError(), true],
    ['headers without end', new errors.HeadersOverflowError(), true],
    ['a closed socket', new errors.SocketError('other side closed'), false],
    ['a reset', failed('ECONNRESET'), false],
    ['a bug of ours', new errors.InvalidArgumentError('invalid header'), false],
    ['an error without a code', new Error('?'), false],
    ['nothing', undefined, false],
  ])('%s', (_, error, expected) => {
    expect(isProtocolError(error)).toBe(expected);
  });
});
