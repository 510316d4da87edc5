import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { ConnectionPlaces } from './connection-places.js';
import { messageProblem, type MessageProblem } from './message-problem.js';
import { affordableConnections } from './open-files.js';

/** Connections open at once, idle ones included; one more is closed at once. Fewer where the system allows fewer files. */
export const connectionsMax = 20_000;
/** One address may have this part of them: as many as there can be calls under way, so that a proxy in front lacks nothing. */
const perAddressPart = 0.5;
/** Request line and headers together; also the bound on their number. */
const headerBytesMax = 16 * 1024;
/** Request line and headers must be in within this time (slowloris); each plane keeps the clocks of its bodies. */
const headersMs = 30_000;
/** A little more than the 60 s after which common load balancers close: the side that closes first must be theirs. */
const keepAliveMs = 65_000;
/** How often unfinished requests are looked at for the limit above. */
const checkEveryMs = 5_000;
/** Connections that are turned away are told of at most this often. */
const reportEveryMs = 60_000;

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

const errorBody = (message: string): string => JSON.stringify({ error: { message, type: 'invalid_request_error', code: null, param: null } });

/** May something be written past the last answer of a connection? Not while that one is, or will be, under way, nor after it when it was to be the last. */
const isQuiet = (last: ServerResponse | undefined): boolean => last === undefined || !(last.headersSent || last.req.complete);

/** What cannot be read as HTTP gets a plain answer on the bare socket, and the connection is closed. */
const answerMalformed = (error: NodeJS.ErrnoException, socket: Duplex, last: ServerResponse | undefined): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || !isQuiet(last)) {
    socket.destroy();
    return;
  }
  const statusLine = statusLines[error.code ?? ''] ?? '400 Bad Request';
  const body = errorBody(`${statusLine}: the request is not well-formed HTTP/1.1 or did not arrive in time.`);
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
};

/** The last answer of its connection, to a request that may not have been read to its end. */
const answerLast = (response: ServerResponse, status: number, body: string): void => {
  response.req.resume();
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};

/** What was read, but can be read in two ways, is answered as an answer: requests before it on the connection get theirs first. */
const refuse = (response: ServerResponse, { status, message }: MessageProblem): void => answerLast(response, status, errorBody(message));

const bugBody = JSON.stringify({ error: { message: 'The gateway failed to handle this request.', type: 'server_error', code: 'gateway_error', param: null } });

/** A request that met a bug has an answer all the same; one whose answer has begun is broken off, so that nobody takes it for whole. */
const answerBug = (response: ServerResponse): void => {
  if (response.headersSent) response.destroy();
  else answerLast(response, 500, bugBody);
};

export interface ServerLimits {
  readonly connectionsMax?: number;
  /** Hears, at most once a minute, how many connections have been turned away since it last heard. */
  readonly turnedAway?: (connections: number) => void;
  /** Hears of what a listener threw; its request has been answered, all others go on. */
  readonly reportBug?: (bug: unknown) => void;
}

/** For those who hear of the connections that were turned away. */
export const turnedAwaySentence = (connections: number): string =>
  `${connections} connections were turned away: as many are open as there may be, or as one address may have`;

/** The connections of each server. */
const connectionsOf = new WeakMap<Server, Set<Socket>>();

/** Gives every address its share of the places, and counts whom it turns away. */
const watchDoor = (server: Server, most: number, turnedAway: (connections: number) => void): void => {
  const places = new ConnectionPlaces(Math.max(1, Math.floor(most * perAddressPart)));
  let count = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  const note = (): void => {
    count++;
    if (performance.now() - toldAt < reportEveryMs) return;
    turnedAway(count);
    count = 0;
    toldAt = performance.now();
  };
  const connections = new Set<Socket>();
  connectionsOf.set(server, connections);
  server.maxConnections = most;
  server.on('drop', note);
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    if (places.take(remoteAddress)) {
      connections.add(socket);
      socket.once('close', () => {
        places.free(remoteAddress);
        connections.delete(socket);
      });
      return;
    }
    note();
    socket.destroy();
  });
};

/** The one HTTP server, with its limits. */
export const createHttpServer = (
  listener: RequestListener,
  { connectionsMax: most = affordableConnections(connectionsMax), turnedAway = () => undefined, reportBug = () => undefined }: ServerLimits = {},
): Server => {
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: headerBytesMax,
      // In so many words, because NODE_OPTIONS could switch the strict parser off.
      insecureHTTPParser: false,
    },
    (request, response) => {
      try {
        const problem = messageProblem(request);
        if (problem === undefined) listener(request, response);
        else refuse(response, problem);
      } catch (bug) {
        reportBug(bug);
        answerBug(response);
      }
    },
  );
  // Node would cut a longer list off in silence; its bytes are bounded.
  server.maxHeadersCount = 0;
  watchDoor(server, most, turnedAway);
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  // One that is over is not held on to: with all that it leads to it would outlive its collection on every idle connection.
  const forget = function forget(this: ServerResponse): void {
    const { socket } = this.req;
    if (this.shouldKeepAlive && lastAnswers.get(socket) === this) lastAnswers.delete(socket);
  };
  server.on('request', (request, response) => {
    lastAnswers.set(request.socket, response);
    response.on('finish', forget);
  });
  server.on('clientError', (error, socket) => answerMalformed(error, socket, lastAnswers.get(socket)));
  return server;
};

/** How often is looked whether clients have taken what is left. */
const lookEveryMs = 10;

/** Takes no more connections, gives clients up to `takenWithinMs` to take what has been said to them, and ends all connections. */
export const closeServer = async (server: Server, takenWithinMs: number): Promise<void> => {
  server.close();
  const giveUpAt = performance.now() + takenWithinMs;
  const isWaitedFor = (socket: Socket): boolean => socket.writableLength > 0;
  while (performance.now() < giveUpAt && [...(connectionsOf.get(server) ?? [])].some(isWaitedFor)) await wait(lookEveryMs);
  server.closeAllConnections();
};

/** Starts listening and resolves with the port. Rejects with a sentence when the address cannot be had. */
export const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(new Error(listenProblem(error, host, port), { cause: error }));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const listenProblem = (error: NodeJS.ErrnoException, host: string, port: number): string => {
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program; stop it or set PORT to a free one.`;
    case 'EACCES':
      return `This user may not listen on port ${port}; set PORT to 1024 or above.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is "${host}", which is no address of this machine.`;
    default:
      return `The server cannot listen on ${host}:${port}: ${error.message}`;
  }
};
