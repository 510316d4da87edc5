import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { peerHeader } from './control-path.js';

/** They speak of one connection only; the next hop's are Node's to write. */
const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'te', 'trailer', 'expect']);

const passedOn = (rawHeaders: readonly string[]): string[] => {
  const headers: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && lower !== peerHeader) headers.push(name, rawHeaders[i + 1] ?? '');
  }
  return headers;
};

const unavailable = JSON.stringify({ success: false, error: 'the control plane does not answer' });

const answer = (response: ServerResponse, from: IncomingMessage): void => {
  response.writeHead(from.statusCode ?? 502, from.statusMessage, passedOn(from.rawHeaders));
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
    const headers = [...passedOn(request.rawHeaders), peerHeader, request.socket.remoteAddress ?? '', 'connection', 'close'];
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    if (isChunked) headers.push('transfer-encoding', 'chunked');
    const onward = httpRequest({ socketPath, method: request.method, path: request.url, headers, agent: false, maxHeaderSize: 32 * 1024 });
    onward.on('response', (from) => answer(response, from));
    onward.on('error', () => refuse(response));
    response.on('close', () => onward.destroy());
    pipeline(request, onward, () => undefined);
  };
