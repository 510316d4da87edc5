import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { createAdminApp } from './admin-app.js';
import type { Foundations } from './app.module.js';
import type { Config } from './config/config.js';
import { Readiness } from './health/readiness.js';
import { bugReport } from './http/bug-report.js';
import { beginRelaying } from './relaying.js';
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

/** A bug in one request must not end the streams of the others; it is loud in the log instead. */
const reportBug = (bug: unknown): void => logger.error('uncaught', bugReport(bug));

/** Builds everything on an open database and listens. Rejects with a sentence when the address cannot be had. */
export const runGateway = async ({ config, database }: Foundations): Promise<void> => {
  process.on('uncaughtException', reportBug);
  process.on('unhandledRejection', reportBug);
  const app = await createAdminApp({ config, database });
  const relaying = await beginRelaying(app, config, reportBug);
  stopOnSignal({ relaying, app, database, readiness: app.get(Readiness), drainTimeoutMs: config.drainTimeoutMs });
  greet(config, relaying.port);
};
