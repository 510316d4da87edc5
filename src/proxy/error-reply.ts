import type { ServerResponse } from 'node:http';
import type { Dialect } from '../domain/dialect.js';
import { errorBody, type ErrorWords } from '../domain/error-shape.js';

/** An answer the gateway gives in its own name. Its message never names an upstream host. */
export interface GatewayError extends ErrorWords {
  /** Further headers, as a flat list. */
  readonly headers?: readonly string[];
  /** The request was not read to its end: the connection cannot be used again. */
  readonly closesConnection?: boolean;
}

const writeJsonHead = (response: ServerResponse, status: number, body: string | Buffer, headers: readonly string[]): void => {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ['content-type', 'application/json', 'content-length', length, ...headers]);
};

/** The SDKs of Anthropic and OpenAI obey it, whatever the status: said where the same request can only fail again. */
export const doNotRetry: readonly string[] = ['x-should-retry', 'false'];

/** For a call that had not been answered when the gateway stopped waiting for it. */
export const cutOffByShutdown: GatewayError = {
  status: 503,
  message: 'The gateway was shut down before there was an answer; send the request again.',
  code: 'shutting_down',
  headers: ['retry-after', '1'],
  closesConnection: true,
};

/** Sends a JSON body with a known length. Must be the first thing the response sends. */
export const sendJson = (response: ServerResponse, status: number, body: string | Buffer, headers: readonly string[]): void => {
  writeJsonHead(response, status, body, headers);
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

/** How long an upload that is refused may go on after the client was answered. */
const lingerMs = 2_000;

/** Answers with an error in the dialect's shape. */
export const sendError = (response: ServerResponse, dialect: Dialect, requestId: string, error: GatewayError): void => {
  const body = errorBody(dialect, requestId, error);
  const headers = ['x-ccload-request-id', requestId, ...(error.headers ?? [])];
  if (error.closesConnection === true) sendJsonAndClose(response, error.status, body, headers);
  else sendJson(response, error.status, body, headers);
};

/**
 * The whole answer goes out at once, but its end, with which Node closes the connection, waits for the end of the upload:
 * closing while the client still sends would reset the connection, and the reset would eat the answer (RFC 9112 §9.6).
 */
const sendJsonAndClose = (response: ServerResponse, status: number, body: string, headers: readonly string[]): void => {
  const { req: request } = response;
  writeJsonHead(response, status, body, [...headers, 'connection', 'close']);
  response.write(body);
  const close = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(close, lingerMs);
  if (request.readableEnded || request.destroyed) close();
  else request.once('end', close).once('close', close).resume();
};
