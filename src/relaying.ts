import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from './config/config.js';
import { frontDoor } from './front-door.js';
import { closeServer, createHttpServer, listen, turnedAwaySentence } from './http-server.js';
import { ProxyServer } from './proxy/proxy-server.js';
import type { Relaying } from './shutdown.js';

const logger = new Logger('Gateway');

/** Serves the clients in this process. Rejects with a sentence when the address cannot be had. */
const relayHere = async (app: NestExpressApplication, { host, port }: Config, reportBug: (bug: unknown) => void): Promise<Relaying> => {
  const proxy = app.get(ProxyServer);
  const turnedAway = (connections: number): void => logger.warn(turnedAwaySentence(connections));
  const server = createHttpServer(frontDoor(proxy.handler, app.getHttpAdapter().getInstance()), { turnedAway, reportBug });
  return {
    port: await listen(server, host, port),
    get callsUnderWay() {
      return proxy.inFlight.size;
    },
    drain: () => proxy.drain(),
    cutOff: () => proxy.cutOff(),
    close: async (takenWithinMs) => {
      await closeServer(server, takenWithinMs);
      proxy.close();
    },
  };
};

/** Begins to serve the clients. `reportBug` hears of what threw before the planes part. What workers need is loaded for them only. */
export const beginRelaying = async (app: NestExpressApplication, config: Config, reportBug: (bug: unknown) => void): Promise<Relaying> => {
  if (config.workers === 1) return relayHere(app, config, reportBug);
  const { relayInWorkers } = await import('./relaying-in-workers.js');
  return relayInWorkers(app, config);
};
