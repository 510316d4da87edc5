import { credentialHeaders, versionHeaders } from '../domain/credentials.js';
import type { Dialect } from '../domain/dialect.js';
import type { Endpoint } from '../domain/endpoint.js';

/** Headers as a flat list, name, value, name, value …: the only form that keeps order, case and duplicates. */
export type RawHeaders = readonly string[];

/** RFC 9110 §7.6.1 and the proxy authentication pair (§11.7): they speak to the next hop, not to the end. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Never sent upstream: the client's own credentials, and what describes this hop's message rather than the request. */
const replacedInRequests = new Set([...hopByHop, 'authorization', 'x-api-key', 'cookie', 'host', 'content-length', 'expect']);

/**
 * What an upstream would say about our origin, not about its answer (docs/adr/0015): a browser that obeyed could lose or
 * change the operator's session, take our traffic elsewhere, report on it, or let other sites read answers; and a reverse
 * proxy in front of us would send one of its own files.
 */
const aboutTheOrigin = [
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  'strict-transport-security',
  'public-key-pins',
  'expect-ct',
  'alt-svc',
  'accept-ch',
  'critical-ch',
  'nel',
  'report-to',
  'reporting-endpoints',
  'origin-agent-cluster',
  'service-worker-allowed',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'access-control-max-age',
  'access-control-allow-private-network',
  'timing-allow-origin',
  'x-accel-redirect',
  'x-sendfile',
  'x-lighttpd-send-file',
] as const;

/** Ours to set; an upstream that is a ccLoad too must not speak in our place. */
const replacedInResponses = new Set([...hopByHop, ...aboutTheOrigin, 'x-ccload-request-id', 'x-ccload-channel', 'x-ccload-attempts']);

const noNames: ReadonlySet<string> = new Set();

/** Names listed in `Connection` are hop-by-hop for this message. */
const connectionOptions = (headers: RawHeaders): ReadonlySet<string> => {
  let named: Set<string> | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const candidate = headers[i];
    if (candidate?.length !== 'connection'.length || candidate.toLowerCase() !== 'connection') continue;
    for (const option of (headers[i + 1] ?? '').split(',')) {
      const name = option.trim().toLowerCase();
      if (name !== '' && !hopByHop.has(name) && name !== 'close') (named ??= new Set()).add(name);
    }
  }
  return named ?? noNames;
};

/** The headers without `dropped` (lower-case names) and without what `Connection` names. */
export const without = (headers: RawHeaders, dropped: ReadonlySet<string>): string[] => {
  const named = connectionOptions(headers);
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const lower = name.toLowerCase();
    if (!dropped.has(lower) && !named.has(lower)) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
};

/** What of the client's headers may go upstream. Computed once per request, shared by its attempts. */
export const relayableRequestHeaders = (headers: RawHeaders, dialect: Dialect): RawHeaders => {
  const kept = without(headers, replacedInRequests);
  kept.push(...versionHeaders(dialect, firstValue(kept, 'anthropic-version') !== undefined));
  return kept;
};

/** The headers of one attempt: the relayable ones with the channel's host and key. */
export const upstreamRequestHeaders = (relayable: RawHeaders, endpoint: Endpoint, secret: string): string[] => [
  'host',
  endpoint.host,
  ...relayable,
  ...credentialHeaders(endpoint, secret),
];

/** The content types that a browser shows as text, whatever is in them. */
const neverRuns = /^(application\/json|text\/event-stream)[ \t]*(;[^,]*)?$/i;

/** True when the headers name one content type, and none that a browser could run something of. */
const isShownAsText = (headers: RawHeaders): boolean => {
  let isText = false;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length !== 'content-type'.length || name.toLowerCase() !== 'content-type') continue;
    if (isText || !neverRuns.test(headers[i + 1] ?? '')) return false;
    isText = true;
  }
  return isText;
};

/**
 * A browser that shows the answer gives it an origin of its own (https://www.w3.org/TR/CSP3/#directive-sandbox), runs nothing
 * in it, and does not guess what it might be: else an upstream's page would run with the operator's session.
 */
const runsNothing: RawHeaders = ['content-security-policy', "sandbox; default-src 'none'", 'x-content-type-options', 'nosniff'];

/** What of the upstream's headers may reach the client, followed by ours. */
export const clientResponseHeaders = (headers: RawHeaders, ours: RawHeaders): string[] => {
  const kept = without(headers, replacedInResponses);
  if (!isShownAsText(kept)) for (const part of runsNothing) kept.push(part);
  for (const part of ours) kept.push(part);
  return kept;
};

/** First value of a header by its lower-case name. */
export const firstValue = (headers: RawHeaders, name: string): string | undefined => {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const candidate = headers[i];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
};
