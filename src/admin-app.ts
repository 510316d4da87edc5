import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { ApiDescription } from './api-docs/api-description.js';
import { AppModule, type Foundations } from './app.module.js';
import { isOperator, operatorOnly, operatorPagesOnly, operatorSession, sessionLifetimeMs } from './auth/operator-session.js';
import { sessionSecret } from './auth/session-secret.js';
import { SessionStore } from './auth/session-store.js';
import { browserToPages } from './http/browser-to-pages.js';
import { refuseOtherNames } from './http/own-name.js';
import { useBodies } from './http/request-body.js';
import { refuseOtherSites } from './http/same-site.js';
import { securityHeaders } from './http/security-headers.js';
import { endUnreadBody } from './http/unread-body.js';
import { validation } from './http/validation.js';
import { ProgramLogger } from './program-logger.js';

const sessionPaths = ['/login', '/logout', '/admin', '/web'];

const endsUnreadBody = (request: Request, response: Response, next: NextFunction): void => {
  endUnreadBody(request, response);
  next();
};

/** Everything that happens to a request before a controller sees it, in this order. */
const guardRoutes = async (app: NestExpressApplication, { config, database }: Foundations): Promise<void> => {
  const secret = await sessionSecret(database.remote('settings'), config.password);
  const store = new SessionStore(database.remote('sessions'), sessionLifetimeMs);
  app.use(endsUnreadBody);
  app.use(securityHeaders);
  if (!config.isPasswordSet) app.use(refuseOtherNames);
  app.use(browserToPages);
  app.use(refuseOtherSites);
  app.use(sessionPaths, operatorSession(secret, store));
  app.use('/admin', operatorOnly);
  app.use('/web', operatorPagesOnly);
  useBodies(app, isOperator);
};

/**
 * The control plane, ready to take requests but not listening: the front door hands them to its HTTP adapter. Closing the
 * app stops its jobs and writes what memory still holds; the database stays open for whoever opened it.
 */
export const createAdminApp = async (foundations: Foundations): Promise<NestExpressApplication> => {
  const { trustedProxies, logLevel } = foundations.config;
  // Nest declares its bag of options as a class; nobody makes instances of it.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(foundations), {
    bodyParser: false,
    abortOnError: false,
    logger: new ProgramLogger(logLevel),
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies.length === 0 ? false : [...trustedProxies]);
  await guardRoutes(app, foundations);
  app.useGlobalPipes(validation());
  app.get(ApiDescription).describe(app);
  return app.init();
};
