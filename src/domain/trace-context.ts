/** The trace that a client's request belongs to (W3C Trace Context). Ids are lower-case hex. */
export interface CallerTrace {
  /** 32 digits, not all zero. */
  readonly traceId: string;
  /** The client's span: 16 digits, not all zero. */
  readonly parentId: string;
  readonly isSampled: boolean;
  /** What vendors pass along, as it came; empty when there is none. */
  readonly state: string;
}

/** Which calls leave a trace. */
export interface Sampling {
  /** 0 to 1: the part of the traces that begin here, and, unless `followsCaller`, of all. */
  readonly ratio: number;
  /** What the client has decided holds. */
  readonly followsCaller: boolean;
}

/** Longer than what everybody must be able to pass along (§3.3.1.5); it is left out as a whole. */
export const traceStateCharsMax = 512;

/** Later versions may append fields (§4); version ff is forbidden. */
const headerForm = /^(?!ff)(?<version>[0-9a-f]{2})-(?<traceId>(?!0{32})[0-9a-f]{32})-(?<parentId>(?!0{16})[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;
const stateForm = /^[\t\x20-\x7e]*$/;

const isSampledFlag = (flags: string): boolean => (Number.parseInt(flags, 16) & 1) === 1;

/** The trace of a `traceparent` and the `tracestate` beside it; `undefined` for what the standard calls invalid: a new trace begins then. */
export const callerTraceOf = (traceparent: string, tracestate: string): CallerTrace | undefined => {
  const { version, traceId, parentId, flags, more } = headerForm.exec(traceparent.trim())?.groups ?? {};
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  const state = tracestate.length <= traceStateCharsMax && stateForm.test(tracestate) ? tracestate : '';
  return { traceId, parentId, isSampled: isSampledFlag(flags), state };
};

/*
 * Ids follow from the request id, so that nobody has to keep them while a call lasts: a UUIDv7 is 32 digits of which the
 * last 15 are random, and whoever knows the request id can find the trace.
 */

const digitsOf = (requestId: string): string => requestId.replaceAll('-', '');

/** The client's trace, or a new one that has the digits of the request id. */
export const traceIdOf = (requestId: string, caller: CallerTrace | undefined): string => caller?.traceId ?? digitsOf(requestId);

/** The span of a whole call: the last 16 digits of its id, of which the first is 8, 9, a or b. */
export const callSpanIdOf = (requestId: string): string => digitsOf(requestId).slice(16);

/** The span of attempt 1, 2, …: as far behind that of the call. */
export const attemptSpanIdOf = (requestId: string, attempt: number): string =>
  (BigInt(`0x${callSpanIdOf(requestId)}`) + BigInt(attempt)).toString(16);

/** When the request came: a UUIDv7 begins with the milliseconds since the epoch. */
export const receivedAtOf = (requestId: string): number => Number.parseInt(digitsOf(requestId).slice(0, 12), 16);

const randomDigits = 13;

/** The same answer for every span of a trace, here and wherever else the last digits of its id decide. */
export const isSampled = (traceId: string, caller: CallerTrace | undefined, { ratio, followsCaller }: Sampling): boolean => {
  if (followsCaller && caller !== undefined) return caller.isSampled;
  return Number.parseInt(traceId.slice(-randomDigits), 16) / 16 ** randomDigits >= 1 - ratio;
};
