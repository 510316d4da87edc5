import { UnauthorizedException } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import { hourMs } from '../domain/time.js';
import type { SessionStore } from './session-store.js';

declare module 'express-session' {
  interface SessionData {
    /** Present once the password was right. */
    operator: true;
  }
}

export const sessionCookieName = 'ccload_session';
export const sessionLifetimeMs = 24 * hourMs;

/**
 * Reads the session of a request. A request without our cookie, or with one we did not sign, does not reach the store;
 * a session is stored only once somebody has logged in.
 */
export const operatorSession = (secret: string, store: SessionStore): RequestHandler =>
  session({
    name: sessionCookieName,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: sessionLifetimeMs, path: '/' },
  });

/** Requests for what is open to everybody have no session. */
export const isOperator = (request: { readonly session?: Partial<SessionData> }): boolean => request.session?.operator === true;

/** For the API: 401 in the envelope unless somebody is logged in. */
export const operatorOnly = (request: Request, _response: Response, next: NextFunction): void => {
  next(isOperator(request) ? undefined : new UnauthorizedException('log in first: POST /login'));
};

const loginPage = '/web/login.html';
/** What the login page is made of: itself, its files, and the choice of language and theme; and the way out, which leads to it. */
const isOpenPage = (path: string): boolean => /^\/web\/(login(\.html)?|logout|preferences|assets\/.*)$/i.test(path);

/** For pages: sends whoever is not logged in to the login page, which leads back. */
export const operatorPagesOnly = (request: Request, response: Response, next: NextFunction): void => {
  const page = `${request.baseUrl}${request.path}`;
  if (isOperator(request) || isOpenPage(page)) return next();
  if (request.method !== 'GET' && request.method !== 'HEAD') return operatorOnly(request, response, next);
  // Built from the path alone, never from a host that the request names, so it leads to our own pages only.
  const query = request.originalUrl.split('?').slice(1).join('?');
  response.redirect(302, `${loginPage}?redirect=${encodeURIComponent(query === '' ? page : `${page}?${query}`)}`);
};
