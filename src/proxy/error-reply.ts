import type { ServerResponse } from 'node:http';
import type { Dialect } from '../domain/dialect.js';
import { errorBody } from '../domain/error-shape.js';

/** An answer the gateway gives in its own name. */
export interface GatewayError {
  readonly status: number;
  /** For the person who reads it: what was expected, what came, what to do. Never names an upstream host. */
  readonly message: string;
  /** OpenAI's machine-readable word. */
  readonly code?: string;
  /** Further headers, as a flat list. */
  readonly headers?: readonly string[];
  /** The request was not read to its end: the connection cannot be used again. */
  readonly closesConnection?: boolean;
}

/** Sends a JSON body with a known length. Must be the first thing the response sends. */
export const sendJson = (response: ServerResponse, status: number, body: string | Buffer, headers: readonly string[]): void => {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ['content-type', 'application/json', 'content-length', length, ...headers]);
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

/** How long an upload that is refused may go on before the connection is torn down, so that the client reads the answer. */
const lingerMs = 2_000;

/** Answers with an error in the dialect's shape. */
export const sendError = (response: ServerResponse, dialect: Dialect, requestId: string, error: GatewayError): void => {
  const headers = ['x-ccload-request-id', requestId, ...(error.headers ?? [])];
  if (error.closesConnection === true) {
    headers.push('connection', 'close');
    linger(response);
  }
  sendJson(response, error.status, errorBody(dialect, error.status, error.message, requestId, error.code), headers);
};

/** Closing while the client still sends would reset the connection, and the reset would eat the answer (RFC 9112 §9.6). */
const linger = (response: ServerResponse): void => {
  const { req: request, socket } = response;
  request.resume();
  const timer = setTimeout(() => socket?.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
};
