import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { languages } from '../text/language.js';
import { flashCookie, flashMs, flashText, type Flash } from './flash.js';
import { preferencesOf, type Preferences } from './preferences.js';

/** One request for a page: who asks, how it wants to be spoken to, and what is answered besides the page. */
export interface Visit extends Preferences {
  readonly request: Request;
  readonly response: Response;
}

export const visitOf = (request: Request, response: Response): Visit => ({
  request,
  response,
  ...preferencesOf(request.headers.cookie, request.acceptsLanguages([...languages])),
});

/** The visit, as a parameter of a page controller's method. */
export const FromVisit = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const http = context.switchToHttp();
  return visitOf(http.getRequest<Request>(), http.getResponse<Response>());
});

/** After a POST: leads to one of our pages, which says `flash` once. Returns the (empty) body of the answer. */
export const redirectTo = ({ request, response }: Visit, path: string, flash?: Flash): string => {
  if (flash !== undefined) {
    const secure = request.secure;
    response.cookie(flashCookie, flashText(flash), { maxAge: flashMs, httpOnly: true, sameSite: 'lax', secure, path: '/web' });
  }
  response.status(303).location(path);
  return '';
};
