import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { peerHeader } from './control-path.js';

/** The workers have seen to the limits; this only has to hold what they pass on and the header they add. */
const headerBytesMax = 32 * 1024;

/** As if the client had connected here: the address is what logs, login limits and trusted proxies go by. */
const restorePeer = (request: IncomingMessage): void => {
  const peer = request.headers[peerHeader];
  Reflect.deleteProperty(request.headers, peerHeader);
  // A connection carries one request, so what is said of its socket is true of the request.
  Object.defineProperty(request.socket, 'remoteAddress', { value: peer, configurable: true });
};

/** Listens for what the workers pass on to the control plane. */
export const listenForWorkers = async (admin: RequestListener, path: string): Promise<Server> => {
  const server = createServer({ requestTimeout: 0, maxHeaderSize: headerBytesMax }, (request, response) => {
    restorePeer(request);
    admin(request, response);
  });
  server.maxHeadersCount = 0;
  server.listen(path);
  await once(server, 'listening');
  return server;
};
