import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Dialect } from '../domain/dialect.js';
import { endpointOf } from '../domain/endpoint.js';
import { clientResponseHeaders, firstValue, relayableRequestHeaders, upstreamRequestHeaders, type RawHeaders } from './headers.js';

const secret = 'channel-key';

/** What a channel gets for a client's headers, as `name: value` lines. */
const sentTo = (channelUrl: string, headers: RawHeaders, dialect: Dialect = 'openai'): readonly string[] =>
  linesOf(upstreamRequestHeaders(relayableRequestHeaders(headers, dialect), endpointOf(channelUrl), secret));

const linesOf = (headers: RawHeaders): readonly string[] =>
  headers.flatMap((part, i) => (i % 2 === 0 ? [`${part}: ${headers[i + 1] ?? ''}`] : []));

const namesOf = (headers: RawHeaders): readonly string[] => headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());

const hopByHop = ['Connection', 'Keep-Alive', 'Proxy-Authenticate', 'Proxy-Authorization', 'Proxy-Connection', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade'];
const json = ['Content-Type', 'application/json'];
const clientCredentials = ['Authorization', 'X-Api-Key', 'Cookie'];

describe("the channel's key", () => {
  it.each([
    ['https://api.anthropic.com', ['x-api-key: channel-key']],
    ['https://api.openai.com/v1', ['authorization: Bearer channel-key']],
    ['https://relay.example', ['x-api-key: channel-key', 'authorization: Bearer channel-key']],
    ['https://api.openai.com.relay.example', ['x-api-key: channel-key', 'authorization: Bearer channel-key']],
  ])('goes to %s as that host wants it', (channelUrl, expected) => {
    const lines = sentTo(channelUrl, ['Authorization', 'Bearer client-token', 'X-API-KEY', 'client-token', 'x-api-key', 'again']);
    expect(lines.filter((line) => /^(authorization|x-api-key):/i.test(line))).toEqual(expected);
  });

  it.each(clientCredentials.flatMap((name) => [name, name.toLowerCase(), name.toUpperCase()]))(
    'is the only credential: what the client sends as %s stays here',
    (name) => {
      for (const url of ['https://api.anthropic.com', 'https://api.openai.com', 'https://relay.example']) {
        expect(sentTo(url, [name, 'client-token', 'accept', '*/*', name, 'client-token']).join()).not.toContain('client-token');
      }
    },
  );
});

describe('request headers', () => {
  it("name the channel's host, never the gateway's", () => {
    expect(sentTo('https://relay.example:8443/v1', ['Host', 'gateway.example', 'host', 'again']).filter((line) => /^host:/i.test(line))).toEqual([
      'host: relay.example:8443',
    ]);
  });

  it.each([...hopByHop, 'Content-Length', 'Expect'])('%s speaks of this hop and is not passed on', (name) => {
    expect(namesOf(relayableRequestHeaders([name, 'x', 'accept', '*/*'], 'openai'))).toEqual(['accept']);
  });

  it.each([
    ['a name', ['Connection', 'X-Debug', 'x-debug', '1'], []],
    ['several names, in any case and with spaces', ['connection', ' x-a ,,X-B', 'X-A', '1', 'x-b', '2'], []],
    ['several Connection headers', ['Connection', 'x-a', 'Connection', 'x-b', 'x-a', '1', 'x-b', '2'], []],
    ['nothing special', ['Connection', 'close', 'x-a', '1', 'close', '2'], ['x-a', 'close']],
    ['a name after its use', ['x-a', '1', 'Connection', 'x-a'], []],
  ])('what Connection names is dropped too: %s', (_, headers, kept) => {
    expect(namesOf(relayableRequestHeaders(headers, 'openai'))).toEqual(kept);
  });

  it.each(['x-forwarded-for', 'user-agent', 'accept-encoding', 'anthropic-beta', 'x-stainless-os', 'openai-organization', 'session_id', 'content-type'])(
    'everything else passes: %s',
    (name) => {
      expect(sentTo('https://relay.example', [name, 'Value, with=odd;bytes \xe9'])).toContain(`${name}: Value, with=odd;bytes \xe9`);
    },
  );
});

describe('anthropic-version', () => {
  const versions = (dialect: Dialect, headers: RawHeaders): readonly string[] =>
    sentTo('https://api.anthropic.com', headers, dialect).filter((line) => line.toLowerCase().startsWith('anthropic-version:'));

  it('is added for the Anthropic dialect when the client sent none', () => {
    expect(versions('anthropic', ['accept', '*/*'])).toEqual(['anthropic-version: 2023-06-01']);
  });

  it("is the client's own when it sent one", () => {
    expect(versions('anthropic', ['Anthropic-Version', '2024-01-01'])).toEqual(['Anthropic-Version: 2024-01-01']);
  });

  it('is added as well when the one the client sent was meant for this hop only', () => {
    expect(versions('anthropic', ['Connection', 'anthropic-version', 'anthropic-version', '2024-01-01'])).toEqual(['anthropic-version: 2023-06-01']);
  });

  it.each<Dialect>(['openai', 'responses'])('is not added for other dialects (%s)', (dialect) => {
    expect(versions(dialect, [])).toEqual([]);
  });
});

describe('response headers', () => {
  const ours = ['x-ccload-request-id', 'r', 'x-ccload-channel', '3', 'x-ccload-attempts', '1'];

  it('pass in order, with their case and duplicates, followed by ours', () => {
    const upstream = ['Content-Type', 'text/event-stream', 'Link', 'a', 'X-Request-Id', 'u', 'link', 'b'];
    expect(clientResponseHeaders(upstream, ours)).toEqual([...upstream, ...ours]);
  });

  it('keep what describes the bytes, which are relayed as they are', () => {
    const upstream = [...json, 'Content-Length', '12', 'Content-Encoding', 'br', 'Retry-After', '7', 'request-id', 'req_1'];
    expect(clientResponseHeaders(upstream, [])).toEqual(upstream);
  });

  it.each([...hopByHop, 'X-CCLoad-Request-Id', 'x-ccload-channel', 'X-Ccload-Attempts'])('do not include an upstream’s %s', (name) => {
    expect(namesOf(clientResponseHeaders([...json, name, 'theirs', 'date', 'today'], []))).toEqual(['content-type', 'date']);
  });

  it.each([
    ...['Set-Cookie', 'set-cookie2', 'Clear-Site-Data', 'Strict-Transport-Security', 'Public-Key-Pins', 'Expect-CT', 'Alt-Svc'],
    ...['Accept-CH', 'Critical-CH', 'NEL', 'Report-To', 'Reporting-Endpoints', 'Origin-Agent-Cluster', 'Service-Worker-Allowed'],
    ...['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials', 'Access-Control-Expose-Headers', 'Timing-Allow-Origin'],
    ...['X-Accel-Redirect', 'X-Sendfile', 'X-Lighttpd-Send-File'],
  ])('do not include what the upstream says about our origin: %s', (name) => {
    expect(namesOf(clientResponseHeaders([...json, name, 'theirs', 'date', 'today'], []))).toEqual(['content-type', 'date']);
  });

  it.each(['X-Accel-Buffering', 'Content-Security-Policy', 'Via', 'Server', 'Location'])('include an upstream’s %s, which is about this answer', (name) => {
    expect(clientResponseHeaders([...json, name, 'theirs'], [])).toEqual([...json, name, 'theirs']);
  });

  it('do not include what the upstream named in Connection', () => {
    expect(namesOf(clientResponseHeaders([...json, 'Connection', 'x-hop, close', 'X-Hop', '1', 'x-end', '2'], []))).toEqual(['content-type', 'x-end']);
  });

  const runsNothing = ['content-security-policy', "sandbox; default-src 'none'", 'x-content-type-options', 'nosniff'];

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'text/event-stream', 'text/event-stream;charset=utf-8', 'application/json ; a="b"'])(
    'say nothing of their own about %s, which browsers show as text',
    (type) => {
      expect(clientResponseHeaders(['Content-Type', type], ours)).toEqual(['Content-Type', type, ...ours]);
    },
  );

  it.each([
    ...['text/html', 'text/html; charset=utf-8', 'image/svg+xml', 'text/xml', 'application/xhtml+xml', 'text/plain', 'application/octet-stream', ''],
    // A browser takes the last type of a list, and the whole for a list wherever there is a comma.
    ...['application/json, text/html', 'application/json;a=b,text/html', 'application/json;a="b,text/html;c="', 'application/jsonp', 'xapplication/json'],
  ])('let a browser run nothing of "%s"', (type) => {
    expect(clientResponseHeaders(['Content-Type', type], ours)).toEqual(['Content-Type', type, ...runsNothing, ...ours]);
  });

  it.each([
    ['without a content type', []],
    ['with a second content type', ['Content-Type', 'application/json', 'content-type', 'text/html']],
    ['with the same content type twice', ['Content-Type', 'application/json', 'content-type', 'application/json']],
    ['whose content type is named in Connection', ['Connection', 'content-type', 'Content-Type', 'application/json']],
    ['with a policy of the upstream’s own', ['Content-Security-Policy', "script-src 'self'"]],
  ])('let a browser run nothing of an answer %s', (_, headers) => {
    expect(linesOf(clientResponseHeaders(headers, [])).slice(-2)).toEqual(linesOf(runsNothing));
  });
});

describe('firstValue', () => {
  it.each([
    ['in any case', ['Retry-AFTER', '5'], '5'],
    ['the first of several', ['retry-after', '5', 'Retry-After', '9'], '5'],
    ['empty is a value', ['retry-after', ''], ''],
    ['absent', ['x-retry-after', '5', 'retry-afte', '6'], undefined],
    ['never mistakes a value for a name', ['x', 'retry-after', 'y', 'z'], undefined],
  ])('%s', (_, headers, expected) => {
    expect(firstValue(headers, 'retry-after')).toBe(expected);
  });
});

// ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

const inAnyCase = (name: string) => fc.mixedCase(fc.constant(name.toLowerCase()));
const special = fc.constantFrom(...hopByHop, ...clientCredentials, 'Host', 'Content-Length', 'Expect').chain(inAnyCase);
const ordinary = fc.constantFrom('accept', 'x-a', 'x-b', 'anthropic-beta', 'link').chain(inAnyCase);
const pair = fc.oneof(
  fc.tuple(fc.oneof(special, ordinary), fc.string({ maxLength: 8 })),
  fc.tuple(inAnyCase('connection'), fc.subarray(['x-a', 'X-B', 'close', 'keep-alive']).map((names) => names.join(', '))),
);
const anyHeaders = fc.array(pair, { maxLength: 20 }).map((pairs) => pairs.flat());

/** `inner` can be made from `outer` by leaving pairs out. */
const isPartInOrder = (inner: readonly string[], outer: readonly string[]): boolean => {
  let at = 0;
  return inner.every((line) => {
    at = outer.indexOf(line, at) + 1;
    return at > 0;
  });
};

describe('whatever headers come', () => {
  it('no hop-by-hop header and no credential of the client ever goes upstream', () => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        const forbidden = new Set([...hopByHop, ...clientCredentials, 'Host', 'Content-Length', 'Expect'].map((name) => name.toLowerCase()));
        expect(namesOf(relayableRequestHeaders(headers, 'openai')).filter((name) => forbidden.has(name))).toEqual([]);
      }),
    );
  });

  it('no hop-by-hop header ever reaches the client', () => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        const forbidden = new Set(hopByHop.map((name) => name.toLowerCase()));
        expect(namesOf(clientResponseHeaders(headers, [])).filter((name) => forbidden.has(name))).toEqual([]);
      }),
    );
  });

  it('what passes keeps its order, its case and its duplicates', () => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        for (const passed of [relayableRequestHeaders(headers, 'openai'), clientResponseHeaders([...json, ...headers], []).slice(2)]) {
          expect(isPartInOrder(linesOf(passed), linesOf(headers))).toBe(true);
        }
        const named = linesOf(headers).filter((line) => /^connection:/i.test(line)).join().toLowerCase();
        const free = linesOf(headers).filter((line) => /^accept:/i.test(line));
        const kept = linesOf(relayableRequestHeaders(headers, 'openai'));
        expect(kept.filter((line) => /^accept:/i.test(line))).toEqual(free);
        expect(kept.some((line) => /^x-a:/i.test(line) && named.includes('x-a'))).toBe(false);
      }),
    );
  });
});
