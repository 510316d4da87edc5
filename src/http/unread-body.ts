import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long what is left of a body may go on after its request was answered, before that costs the connection. */
const lingerMs = 2_000;

/**
 * Nobody needs what is left of a body once its request is answered, but closing at once would reset the connection, and the
 * reset would eat the answer (RFC 9112 §9.6).
 */
export const endUnreadBody = (request: IncomingMessage, response: ServerResponse): void => {
  // Kept here, because who passes a body on lets the request forget its socket.
  const { socket } = request;
  const closeUnlessComplete = (): void => {
    if (!request.complete) socket.destroy();
  };
  response.once('finish', () => {
    if (request.complete) return;
    request.resume();
    setTimeout(closeUnlessComplete, lingerMs).unref();
  });
};
