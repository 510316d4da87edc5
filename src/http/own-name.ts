import { ForbiddenException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isLoopback } from '../config/variable.js';

/** Does `Host` name this machine by a name that only this machine has? Programs of old send none at all. */
const namesThisMachine = (host: string | undefined): boolean => {
  if (host === undefined) return true;
  const url = `http://${host}`;
  if (!URL.canParse(url)) return false;
  const hostname = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isLoopback(hostname) || hostname.endsWith('.localhost');
};

/**
 * While the password is the one that everybody knows, a request must call this machine by its own name: a web page whose
 * name was made to lead to 127.0.0.1 (DNS rebinding) is of the same origin to the browser and could log in.
 */
export const refuseOtherNames = (request: Request, _response: Response, next: NextFunction): void =>
  next(
    namesThisMachine(request.headers.host)
      ? undefined
      : new ForbiddenException('while CCLOAD_PASS is not set, the administration answers to localhost, 127.0.0.1 and [::1] only; set it to use another name'),
  );
