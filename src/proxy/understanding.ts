import type { IncomingMessage } from 'node:http';
import { readRequestFacts, sessionCharsMax, type RequestFacts } from '../domain/request-facts.js';
import type { BodyShare } from './body-budget.js';
import type { GatewayError } from './error-reply.js';
import { bodySilenceMsMax, bodyTotalMsMax, readRequestBody, type RequestBody } from './request-body.js';
import { decodeRequestBody, type DecodedBody } from './request-coding.js';

/** What a model call asks for, or why that cannot be said. */
export type Understanding =
  | { readonly kind: 'call'; readonly body: Buffer; readonly facts: RequestFacts }
  | { readonly kind: 'not'; readonly error: GatewayError }
  | { readonly kind: 'client-left' };

/** Reads the body (at most `bytesMax`, taken from `share`, plain or unfolded) and finds in it what delivery needs to know. */
export const understand = async (request: IncomingMessage, bytesMax: number, share: BodyShare): Promise<Understanding> => {
  const body = await readRequestBody(request, { bytesMax, silenceMs: bodySilenceMsMax, totalMs: bodyTotalMsMax }, share);
  if (body.kind !== 'body') return bodyProblem(body, bytesMax);
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined) return factsIn(body.bytes, body.bytes);
  // What is unfolded is held until its facts are known.
  const unfolded = share.another();
  try {
    const decoded = await decodeRequestBody(encoding, body.bytes, bytesMax, unfolded);
    return decoded.kind === 'decoded' ? factsIn(decoded.bytes, body.bytes) : codingProblem(decoded.kind, bytesMax);
  } finally {
    unfolded.release();
  }
};

const factsIn = (decoded: Buffer, body: Buffer): Understanding => {
  const facts = readRequestFacts(decoded);
  if (facts.kind === 'problem') return { kind: 'not', error: { status: 400, message: facts.message, code: 'invalid_body' } };
  return { kind: 'call', body, facts };
};

const codingProblem = (kind: Exclude<DecodedBody['kind'], 'decoded'>, bytesMax: number): Understanding => {
  switch (kind) {
    case 'unknown': {
      const message = 'The Content-Encoding of the request body is not known here; send it plain, or as gzip, deflate, br or zstd.';
      return { kind: 'not', error: { status: 415, message, code: 'unsupported_encoding', headers: ['accept-encoding', 'gzip, deflate, br, zstd'] } };
    }
    case 'corrupt':
      return { kind: 'not', error: { status: 400, message: 'The request body is not what its Content-Encoding says.', code: 'invalid_body' } };
    case 'too-large':
      return { kind: 'not', error: { status: 413, message: `The request body unfolds to more than ${bytesMax} bytes.`, code: 'body_too_large' } };
    case 'no-room':
      return { kind: 'not', error: noRoom };
  }
};

const noRoom: GatewayError = {
  status: 503,
  message: 'The gateway holds as many request bodies as its memory allows; send the request again.',
  code: 'no_room_for_body',
  headers: ['retry-after', '1'],
};

const bodyProblem = (body: Exclude<RequestBody, { kind: 'body' }>, bytesMax: number): Understanding => {
  switch (body.kind) {
    case 'too-large':
      return { kind: 'not', error: { status: 413, message: `The request body is larger than ${bytesMax} bytes.`, code: 'body_too_large', closesConnection: true } };
    case 'too-slow':
      return { kind: 'not', error: { status: 408, message: 'The request body did not arrive in time.', code: 'body_too_slow', closesConnection: true } };
    case 'no-room':
      return { kind: 'not', error: { ...noRoom, closesConnection: true } };
    case 'client-left':
      return body;
  }
};

/** The session a client names in a header: Claude Code's own, or Codex's. */
export const sessionOf = (request: IncomingMessage): string | undefined => {
  for (const name of ['x-claude-code-session-id', 'session-id', 'session_id']) {
    const value = request.headers[name];
    if (typeof value === 'string' && value !== '' && value.length <= sessionCharsMax) return value;
  }
  return undefined;
};
