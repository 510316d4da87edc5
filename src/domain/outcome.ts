import type { Malformation } from './answer.js';
import type { UpstreamError } from './upstream-error.js';

/** Looks a response header up by its lower-case name; the first value when it occurs several times. */
export type HeaderLookup = (name: string) => string | undefined;

/** An answer with a status outside 2xx, read before anything reached the client. */
export interface Refusal {
  readonly status: number;
  readonly header: HeaderLookup;
  /** What the body says, when it is an error object or text; decoded, at most 64 KiB of it were read. */
  readonly error: UpstreamError | undefined;
}

/** How one attempt at one channel ended. Policy asks two questions of it: try elsewhere? and whom to cool, how long? */
export type Outcome =
  /** A 2xx, relayed to its proper end. */
  | { readonly kind: 'complete'; readonly status: number }
  /** A status outside 2xx. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A 2xx whose body, or first meaningful event, is an error object. */
  | { readonly kind: 'disguised'; readonly error: UpstreamError; readonly header: HeaderLookup }
  /** Something that is no API answer: a redirect, markup or nothing with a 2xx, bytes that are not HTTP. */
  | { readonly kind: 'malformed'; readonly what: Malformation | 'redirect' | 'not-http' }
  /** No connection: TCP refused, name not found, no route, TLS failed, an address that is not allowed, or all that took too long. */
  | { readonly kind: 'unreachable'; readonly cause: 'refused' | 'dns' | 'network' | 'tls' | 'forbidden' | 'connect-timeout' }
  /** A reused connection closed before any response byte: the upstream had let it go; says nothing about the channel. */
  | { readonly kind: 'stale' }
  /** Reset or EOF before the response headers. */
  | { readonly kind: 'hung-up' }
  | { readonly kind: 'timed-out'; readonly limit: 'first-event' | 'idle' | 'response'; readonly committed: boolean }
  /** The answer began and did not end as it should. */
  | { readonly kind: 'broken'; readonly how: 'reset' | 'early-end' | 'error-event'; readonly committed: boolean }
  | { readonly kind: 'client-left' }
  /** The gateway shuts down and has waited as long as it may. */
  | { readonly kind: 'cut-off' };
