import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Connections open at once, idle ones included; one more is closed at once. */
const connectionsMax = 20_000;
/** Request line and headers must be in within this time (slowloris); the body has clocks of its own. */
const headersMs = 30_000;
/** A little more than the 60 s after which common load balancers close: the side that closes first must be theirs. */
const keepAliveMs = 65_000;
/** How often unfinished requests are looked at for the limit above. */
const checkEveryMs = 5_000;

const statusLines: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** May something be written past the last answer of a connection? Not while that one is, or will be, under way. */
const isQuiet = (last: ServerResponse | undefined): boolean =>
  last === undefined || last.writableFinished || !(last.headersSent || last.req.complete);

/** What cannot be read as HTTP gets a plain answer on the bare socket, and the connection is closed. */
const answerMalformed = (error: NodeJS.ErrnoException, socket: Duplex, last: ServerResponse | undefined): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || !isQuiet(last)) {
    socket.destroy();
    return;
  }
  const statusLine = statusLines[error.code ?? ''] ?? '400 Bad Request';
  const message = `${statusLine}: the request is not well-formed HTTP/1.1 or did not arrive in time.`;
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', code: null, param: null } });
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
};

/** The one HTTP server, with its limits. */
export const createHttpServer = (listener: RequestListener): Server => {
  const server = createServer(
    { headersTimeout: headersMs, requestTimeout: 0, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: checkEveryMs },
    listener,
  );
  server.maxConnections = connectionsMax;
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => lastAnswers.set(request.socket, response));
  server.on('clientError', (error, socket) => answerMalformed(error, socket, lastAnswers.get(socket)));
  return server;
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
