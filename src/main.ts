import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { createAdminApp } from './admin-app.js';
import { loadConfig, type Config } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { Database } from './database/database.js';
import { frontDoor } from './front-door.js';
import { Readiness } from './health/readiness.js';
import { createHttpServer, listen } from './http-server.js';
import { ProxyServer } from './proxy/proxy-server.js';
import { stopOnSignal } from './shutdown.js';

const logger = new Logger('Gateway');

/** What the operator should know before the first request. */
const greet = (config: Config, port: number): void => {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  logger.log(`listening on http://${host}:${port}`);
  if (!config.isPasswordSet) {
    logger.warn('CCLOAD_PASS is not set: the admin password is "admin" and only this machine can reach the server.');
  }
  if (config.tokens.length === 0 && !config.isLoopbackOnly) {
    logger.warn('CCLOAD_AUTH is not set: anyone who can reach this address can use your channels.');
  }
};

const start = async (): Promise<void> => {
  const config = loadConfig(readEnvironment());
  if ('problems' in config) {
    throw new Error(`The configuration cannot be used:\n${config.problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
  const database = await Database.open({ path: config.sqlitePath, secrets: config.keySecrets });
  const app = await createAdminApp({ config, database });
  const proxy = app.get(ProxyServer);
  const server = createHttpServer(frontDoor(proxy.handler, app.getHttpAdapter().getInstance()));
  const port = await listen(server, config.host, config.port);
  stopOnSignal({ server, proxy, app, database, readiness: app.get(Readiness), drainTimeoutMs: config.drainTimeoutMs });
  greet(config, port);
};

/** A bug in one request must not end the streams of the others; it is loud in the log instead. */
const reportBug = (bug: unknown): void => logger.error('uncaught', bug instanceof Error ? bug.stack : String(bug));
process.on('uncaughtException', reportBug);
process.on('unhandledRejection', reportBug);

start().catch((error: unknown) => {
  console.error(`ccLoad cannot start. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
