import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type {} from 'express-session';
import { clientAddress } from './client-address.js';

/** Who makes a request, as the audit log names them. */
export interface Caller {
  readonly clientIp: string;
  /** A name for the session that gives nothing of it away; `undefined` where there are no sessions. */
  readonly session: string | undefined;
}

const labelChars = 8;

/** The session table holds digests of ids too, so the label leads to the row and not to the cookie. */
const sessionLabel = (sessionId: string): string =>
  createHash('sha256').update(sessionId).digest('base64url').slice(0, labelChars);

/** The address of a request, forwarding headers considered where they are trusted. */
export const addressOf = (request: Request): string => clientAddress(request.ip, request.socket.remoteAddress);

export const callerOf = (request: Request): Caller => {
  // Declared as always there; it is only on paths that have sessions.
  const sessionId: string | undefined = request.sessionID;
  return { clientIp: addressOf(request), session: sessionId === undefined ? undefined : sessionLabel(sessionId) };
};

/** The caller of this request, as a parameter of a controller's method. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);
