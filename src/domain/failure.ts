import { logMessageCharsMax } from './call.js';
import type { Penalty } from './cooldown.js';
import { failureClassOf, type FailureClass } from './failure-class.js';
import type { Outcome } from './outcome.js';
import { retryAfterMs, retryHintMs } from './retry-after.js';
import { minuteMs, secondMs, type EpochMs } from './time.js';
import type { UpstreamError } from './upstream-error.js';

/** Where a request goes after an attempt. */
export type Next = 'finish' | 'next-channel' | 'same-channel';

/** Whom a failure cools. */
type Blame = 'nobody' | Penalty['scope'];

/** One row of the table: where the request goes, whom to cool, how long at first, and how operators call it. */
type Consequence = readonly [next: Next, blame: Blame, firstMs: number, reason: string];

/** What follows from each class, row by row as in the design: two separate answers, *try elsewhere?* and *whom to cool?* */
const consequences: Readonly<Record<FailureClass, Consequence>> = {
  success: ['finish', 'nobody', 0, ''],
  'client-error': ['finish', 'nobody', 0, ''],
  'credit-exhausted': ['next-channel', 'channel', 5 * minuteMs, 'credit exhausted'],
  'key-refused': ['next-channel', 'channel', 5 * minuteMs, 'key refused'],
  'model-missing': ['next-channel', 'model', minuteMs, 'model not found'],
  'try-later': ['next-channel', 'channel', secondMs, 'asked to try later'],
  'rate-limit': ['next-channel', 'model', secondMs, 'rate limit'],
  'account-limit': ['next-channel', 'channel', secondMs, 'account limit'],
  'server-error': ['next-channel', 'channel', secondMs, 'server error'],
  'no-api-answer': ['next-channel', 'channel', secondMs, 'not an API answer'],
  unreachable: ['next-channel', 'channel', secondMs, 'unreachable'],
  // The connection was old, not the channel bad: one fresh connection decides.
  stale: ['same-channel', 'nobody', 0, ''],
  'hung-up': ['next-channel', 'channel', secondMs, 'hung up'],
  'timed-out': ['next-channel', 'channel', secondMs, 'timed out'],
  'timed-out-late': ['finish', 'channel', secondMs, 'timed out'],
  broken: ['next-channel', 'channel', secondMs, 'answer broke off'],
  'broken-late': ['finish', 'channel', secondMs, 'answer broke off'],
  // A hang-up of the client says nothing about the upstream.
  'client-left': ['finish', 'nobody', 0, ''],
  'cut-off': ['finish', 'nobody', 0, ''],
};

/** Where the request goes now. `same-channel` only for a stale connection, and only once: the caller opens a fresh one. */
export const nextAfter = (outcome: Outcome): Next => consequences[failureClassOf(outcome)][0];

/** Limit headers describe a limit, so they are believed on a limit only; `Retry-After` speaks for itself anywhere. */
const hintOf = (outcome: Outcome, isLimit: boolean, now: EpochMs): number | undefined => {
  // Only an answer can carry one.
  if (outcome.kind !== 'refused' && outcome.kind !== 'disguised') return undefined;
  const { header, error } = outcome.kind === 'refused' ? outcome.refusal : outcome;
  return (isLimit ? retryHintMs(header, now) : retryAfterMs(header, now)) ?? error?.hintMs;
};

/** What the attempt costs and whom; `undefined` when nobody is to blame. Hints come from the headers, else from the body. */
export const penaltyFor = (outcome: Outcome, now: EpochMs): Penalty | undefined => {
  const failure = failureClassOf(outcome);
  const [, blame, firstMs, reason] = consequences[failure];
  if (blame === 'nobody') return undefined;
  const hintMs = hintOf(outcome, failure === 'rate-limit' || failure === 'account-limit', now);
  return hintMs === undefined ? { scope: blame, firstMs, reason } : { scope: blame, firstMs, hintMs, reason };
};

/** The status of the attempt's log row, 100–599. What is no API answer counts as a bad gateway, whatever its status was. */
export const statusOf = (outcome: Outcome): number => {
  switch (outcome.kind) {
    case 'complete':
      return outcome.status;
    case 'refused':
      return failureClassOf(outcome) === 'no-api-answer' ? 502 : outcome.refusal.status;
    case 'disguised':
      return failureClassOf(outcome) === 'no-api-answer' ? 502 : outcome.error.status;
    case 'unreachable':
      return outcome.cause === 'connect-timeout' ? 504 : 502;
    case 'timed-out':
      return 504;
    case 'malformed':
    case 'stale':
    case 'hung-up':
    case 'broken':
      return 502;
    case 'client-left':
      return 499;
    case 'cut-off':
      return 503;
  }
};

const malformedWords = {
  html: 'a web page',
  empty: 'an empty body',
  unparsable: 'a body that is not JSON',
  redirect: 'a redirect, which is never followed',
  'not-http': 'something that is not HTTP',
} as const;

const unreachableWords = {
  refused: 'connection refused',
  dns: 'host name not found',
  network: 'network unreachable',
  tls: 'TLS failed',
  forbidden: 'address not allowed (link-local or cloud metadata)',
  'connect-timeout': 'connecting took too long',
} as const;

const timedOutWords = {
  'first-event': 'no event came in time',
  idle: 'the upstream fell silent',
  response: 'the answer was not complete in time',
} as const;

const brokenWords = {
  reset: 'the connection was reset',
  'early-end': 'the answer ended before it was complete',
  'error-event': 'the upstream sent an error in the middle',
} as const;

/** ` (type, code)`: the only words of an upstream that are ever logged, because they are short tokens. */
const named = (error: UpstreamError | undefined): string => {
  const names = new Set([error?.type, error?.code].filter((name) => name !== undefined));
  return names.size === 0 ? '' : ` (${[...names].join(', ')})`;
};

const sentenceOf = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'complete':
      return '';
    case 'refused':
      return `upstream answered ${outcome.refusal.status}${named(outcome.refusal.error)}`;
    case 'disguised':
      return `upstream answered success with an error inside${named(outcome.error)}, treated as ${outcome.error.status}`;
    case 'malformed':
      return `upstream answered with ${malformedWords[outcome.what]}`;
    case 'unreachable':
      return `upstream unreachable: ${unreachableWords[outcome.cause]}`;
    case 'stale':
      return 'a kept-alive connection was already closed';
    case 'hung-up':
      return 'upstream closed the connection before it answered';
    case 'timed-out':
      return `${outcome.committed ? 'stream broken' : 'timeout'}: ${timedOutWords[outcome.limit]}`;
    case 'broken':
      return `${outcome.committed ? 'stream broken' : 'no usable answer'}: ${brokenWords[outcome.how]}`;
    case 'client-left':
      return 'client left';
    case 'cut-off':
      return 'cut off by the shutdown';
  }
};

/** What happened, in words for the log: at most `logMessageCharsMax` characters, never free text of an upstream; empty when all went well. */
export const messageOf = (outcome: Outcome): string => sentenceOf(outcome).slice(0, logMessageCharsMax);
