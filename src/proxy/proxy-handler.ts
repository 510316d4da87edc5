import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { dialectOf, type Dialect } from '../domain/dialect.js';
import { modelListBody } from '../domain/error-shape.js';
import type { AccessGate, CallSink } from '../domain/ports.js';
import type { CallerTrace } from '../domain/trace-context.js';
import { BodyShare, type BodyBudget } from './body-budget.js';
import { mayBeSentUnasked } from './browser-page.js';
import { CallStory } from './call-story.js';
import { deliver, type DeliveryMeans, type Ending } from './deliver.js';
import { Downstream } from './downstream.js';
import { cutOffByShutdown, doNotRetry, sendError, sendJson, type GatewayError } from './error-reply.js';
import { clientResponseHeaders, firstValue, relayableRequestHeaders } from './headers.js';
import { hopsHeader } from './hop-marks.js';
import { LiveCall, type InFlight } from './in-flight.js';
import type { ModelCall } from './model-call.js';
import type { Outbox } from './outbox.js';
import { newRequestId } from './request-id.js';
import { sessionOf, understand, type Understanding } from './understanding.js';

/** What the data plane needs to serve `/v1/*`. */
export interface ProxyMeans extends DeliveryMeans {
  readonly gate: AccessGate;
  readonly sink: CallSink;
  readonly inFlight: InFlight;
  readonly bodyBytesMax: number;
  readonly bodies: BodyBudget;
  readonly outbox: Outbox;
  /** The address the client is known by, forwarding headers considered where they are trusted. */
  readonly clientIp: (request: IncomingMessage) => string;
  /** True once the process has been asked to stop. */
  readonly isDraining: () => boolean;
  /** A bug came to light; the request has been answered as well as it could be. */
  readonly reportBug: (error: unknown, requestId: string) => void;
}

/** A request on its way through the gateway, before it is known to be a model call. */
interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly start: number;
  readonly path: string;
  readonly target: string;
  readonly dialect: Dialect;
  readonly caller: CallerTrace | undefined;
}

/** Serves every request below `/v1/`. */
export const createProxyHandler =
  (means: ProxyMeans): RequestListener =>
  (request, response) => {
    const receivedAt = Date.now();
    const target = request.url ?? '/';
    const queryAt = target.indexOf('?');
    const path = queryAt === -1 ? target : target.slice(0, queryAt);
    const requestId = newRequestId(receivedAt);
    const caller = means.traces.take(request.rawHeaders);
    const visit = { request, response, requestId, receivedAt, start: performance.now(), path, target, dialect: dialectOf(path), caller };
    receive(visit, means).catch((bug: unknown) => {
      means.reportBug(bug, requestId);
      if (response.headersSent) response.destroy();
      else refuse(visit, { status: 500, message: 'The gateway failed to handle this request.', code: 'gateway_error' });
    });
  };

/** The request's story: method, token, body, model, delivery, log. Whatever is wrong is said before anything is sent upstream. */
const receive = async (visit: Visit, means: ProxyMeans): Promise<void> => {
  const { request, response } = visit;
  const tokenLabel = means.gate.admit(tokenOf(request));
  if (tokenLabel === undefined) return refuse(visit, unauthorized);
  if (means.gate.isOpen && mayBeSentUnasked(request.headers)) return refuse(visit, sentUnasked);
  const problem = methodProblem(visit);
  if (problem !== undefined) return refuse(visit, problem);
  if (request.method !== 'POST') return sendModels(visit, means);
  if (means.hops.isLoop(request.headers[hopsHeader])) return refuse(visit, loop);
  if (means.isDraining()) return refuse(visit, draining);

  const downstream = new Downstream(response, means.outbox);
  const live = new LiveCall(visit.requestId, visit.receivedAt, downstream);
  if (!means.inFlight.enter(live)) return refuse(visit, crowded);
  const share = new BodyShare(means.bodies);
  try {
    const { requestId, dialect, path, target, caller } = visit;
    const clientIp = means.clientIp(request);
    const understood = await understand(request, means.bodyBytesMax, share);
    if (understood.kind !== 'call') {
      const story = new CallStory({ requestId, path, model: '', isStreaming: false, clientIp, tokenLabel });
      conclude(visit, downstream.isCutOff ? cutOff : endingOf(understood), story, means);
      return;
    }
    const { body, facts } = understood;
    const { model, stream: isStreaming } = facts;
    const session = sessionOf(request) ?? facts.session;
    const headers = relayableRequestHeaders(request.rawHeaders, dialect);
    live.model = model;
    live.isStreaming = isStreaming;
    // Spelled out rather than spread: an object of a fixed shape, made once per request.
    const call: ModelCall = { requestId, dialect, path, target, model, isStreaming, session, headers, body, downstream, live, clientIp, tokenLabel, caller };
    await serve(visit, call, means);
  } finally {
    share.release();
    means.inFlight.leave(live);
  }
};

/** What the log says of a request that met a bug of ours. */
const failedInside = { statusCode: 500, message: 'the gateway failed to handle this request' };

const serve = async (visit: Visit, call: ModelCall, means: ProxyMeans): Promise<void> => {
  const story = new CallStory(call);
  try {
    conclude(visit, await deliver(call, story, means), story, means);
  } catch (bug) {
    const { receivedAt, start, caller } = visit;
    story.answeredAlone({ startedAt: receivedAt, durationMs: performance.now() - start, ...failedInside });
    means.sink.record(story.finish(undefined), caller);
    throw bug;
  }
};

// ── before the body ───────────────────────────────────────────────────────────────────────────────────────────────

/** `Authorization: Bearer` (scheme in any case, RFC 9110 §11.1) or `X-Api-Key`; the former wins when both are sent. */
const tokenOf = (request: IncomingMessage): string | undefined => {
  const { authorization } = request.headers;
  const bearer = authorization === undefined ? undefined : /^bearer +(.*)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer.trim();
  const key = request.headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
};

const sentUnasked: GatewayError = {
  status: 403,
  message: 'Pages in a browser may not call here while no token is asked for. A program sends its body as "Content-Type: application/json".',
  code: 'origin_not_allowed',
  headers: doNotRetry,
};

const unauthorized: GatewayError = {
  status: 401,
  message: 'The API token is missing or not known here. Send it as "Authorization: Bearer <token>" or "X-Api-Key: <token>".',
  code: 'invalid_api_key',
  // Claude Code would send it again for three minutes before it shows the sentence.
  headers: ['www-authenticate', 'Bearer', ...doNotRetry],
};

const draining: GatewayError = {
  status: 503,
  message: 'The gateway is shutting down; send the request again.',
  code: 'shutting_down',
  headers: ['retry-after', '1'],
};

/** RFC 5842 §7.2. Whoever sent it here has met a channel that fails. */
const loop: GatewayError = {
  status: 508,
  message: 'The request has come back to the gateway that sent it: a channel leads here, by way of others perhaps.',
  code: 'loop_detected',
  headers: doNotRetry,
};

const crowded: GatewayError = {
  status: 503,
  message: 'The gateway has as many requests under way as it can hold.',
  code: 'too_many_requests_in_flight',
  headers: ['retry-after', '1'],
};

/** Codex tries WebSockets first in some set-ups, and on this status (RFC 9110 §15.5.22) falls back to POST without waiting. */
const noWebSockets: GatewayError = {
  status: 426,
  message: 'WebSockets are not served here; send the request by HTTP POST.',
  code: 'websocket_not_supported',
  headers: ['upgrade', 'HTTP/1.1', 'connection', 'upgrade'],
};

const methodProblem = ({ request, path }: Visit): GatewayError | undefined => {
  const isList = path === '/v1/models';
  const { method } = request;
  if (method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket') return noWebSockets;
  if (method !== 'POST' && !(isList && (method === 'GET' || method === 'HEAD'))) {
    const allow = isList ? 'GET, HEAD, POST' : 'POST';
    return { status: 405, message: `${method ?? 'This method'} is not served here; allowed: ${allow}.`, code: 'method_not_allowed', headers: ['allow', allow] };
  }
  // A path that climbs could reach, with the channel's key, what the channel's base URL was meant to fence off.
  if (/(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\;]|%2f|%5c|%3b|$)/i.test(path)) {
    return { status: 400, message: 'The path must not contain "." or ".." segments.', code: 'invalid_path' };
  }
  return undefined;
};

const sendModels = ({ request, response, requestId }: Visit, means: ProxyMeans): void => {
  const shape = request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
  sendJson(response, 200, modelListBody(shape, means.directory.catalog.models), ['x-ccload-request-id', requestId]);
};

/** Answers a request that has not been read to its end. */
const refuse = ({ request, response, dialect, requestId }: Visit, error: GatewayError): void => {
  const announcesBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  sendError(response, dialect, requestId, { ...error, closesConnection: announcesBody && !request.complete });
};

// ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

const cutOff: Ending = { kind: 'failed', error: cutOffByShutdown, attempt: undefined };

const endingOf = (understood: Exclude<Understanding, { kind: 'call' }>): Ending =>
  understood.kind === 'client-left' ? understood : { kind: 'failed', error: understood.error, attempt: undefined };

/** Gives the client what is left to give, and the log its rows. */
const conclude = (visit: Visit, ending: Ending, story: CallStory, means: ProxyMeans): void => {
  const alone = (statusCode: number, message: string): void =>
    story.answeredAlone({ startedAt: visit.receivedAt, durationMs: performance.now() - visit.start, statusCode, message });
  switch (ending.kind) {
    case 'served':
      break;
    case 'refused': {
      const { status, statusMessage, headers, body } = ending.answer;
      const framed = firstValue(headers, 'content-length') === undefined ? ['content-length', String(body.length)] : [];
      visit.response.writeHead(status, statusMessage, clientResponseHeaders(headers, [...framed, ...ending.ours]));
      visit.response.end(body);
      break;
    }
    case 'failed':
      sendError(visit.response, visit.dialect, visit.requestId, withAttempts(ending.error, story.attempts));
      if (story.attempts === 0) alone(ending.error.status, ending.error.message);
      break;
    case 'client-left':
      if (story.attempts === 0) alone(499, 'the client left');
      break;
  }
  means.sink.record(story.finish('attempt' in ending ? ending.attempt : undefined), visit.caller);
};

const withAttempts = (error: GatewayError, attempts: number): GatewayError => {
  const headers = error.headers ?? [];
  return headers.includes('x-ccload-attempts') ? error : { ...error, headers: [...headers, 'x-ccload-attempts', String(attempts)] };
};
