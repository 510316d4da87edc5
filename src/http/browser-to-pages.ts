import type { NextFunction, Request, Response } from 'express';

/** `GET /` greets programs with JSON; whoever would rather read HTML is a person, and is led to the dashboard. */
export const browserToPages = (request: Request, response: Response, next: NextFunction): void => {
  if (request.path !== '/') return next();
  response.vary('Accept');
  // Claude Code asks `HEAD /` whether somebody is there: it is answered as ever.
  if (request.method === 'GET' && request.accepts(['json', 'html']) === 'html') return response.redirect(302, '/web/');
  next();
};
