import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { endUnreadBody } from '../http/unread-body.js';
import { hopByHop, without } from '../proxy/headers.js';
import { peerHeader } from './control-path.js';

/** `Expect` has been answered here; and nobody but us says who the peer is. */
const notPassedOn: ReadonlySet<string> = new Set([...hopByHop, 'expect', peerHeader]);

const unavailable = JSON.stringify({ success: false, error: 'the control plane does not answer' });

const answer = (response: ServerResponse, from: IncomingMessage): void => {
  // Whoever takes too long for a body has had its connection; the header that says so ends at this hop.
  if (from.statusCode === 408) response.shouldKeepAlive = false;
  response.writeHead(from.statusCode ?? 502, from.statusMessage, without(from.rawHeaders, notPassedOn));
  // An event stream's headers must not wait for its first event.
  response.flushHeaders();
  pipeline(from, response, () => undefined);
};

/** Once an answer has begun, its own end says how it went: who refuses an upload early closes the way that the rest would take. */
const refuse = (response: ServerResponse): void => {
  if (response.headersSent) return;
  response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' }).end(unavailable);
};

/**
 * Passes requests on to the control plane in the process that keeps the books, one connection each: administration is
 * rare, and a connection that carries one request can bear its client's address.
 */
export const forwardTo =
  (socketPath: string): RequestListener =>
  (request, response) => {
    const headers = [...without(request.rawHeaders, notPassedOn), peerHeader, request.socket.remoteAddress ?? '', 'connection', 'close'];
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    if (isChunked) headers.push('transfer-encoding', 'chunked');
    const onward = httpRequest({ socketPath, method: request.method, path: request.url, headers, agent: false, maxHeaderSize: 32 * 1024 });
    onward.on('response', (from) => answer(response, from));
    onward.on('error', () => refuse(response));
    response.on('close', () => onward.destroy());
    endUnreadBody(request, response);
    pipeline(request, onward, () => undefined);
  };
