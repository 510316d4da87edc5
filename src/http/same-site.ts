import { ForbiddenException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** What a request says about where it comes from. */
export interface RequestOrigin {
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  /** Host and port the client asked for. */
  readonly host: string | undefined;
}

/** True when both name the same host and port; a port that the scheme implies may be missing on either side. */
const isSameHost = (origin: string, host: string | undefined): boolean => {
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  return originHost !== '' && URL.canParse(own) && new URL(own).host === originHost;
};

/**
 * May a request from there change something? A browser's `Sec-Fetch-Site` cannot be forged by a page, so it decides where
 * it is sent, also behind a proxy that rewrites `Host`; else `Origin` must name our own host. Programs send neither.
 */
export const comesFromOurselves = ({ secFetchSite, origin, host }: RequestOrigin): boolean => {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin' || secFetchSite === 'none';
  return origin === undefined || isSameHost(origin, host);
};

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
// The first ccLoad ends sessions on GET too, so reading is not harmless there.
const changesState = (request: Request): boolean => !readingMethods.has(request.method) || /^\/logout\/?$/i.test(request.path);

/** Refuses a state-changing request that another site's page sent with the operator's cookie. */
export const refuseOtherSites = (request: Request, _response: Response, next: NextFunction): void => {
  const from: RequestOrigin = {
    secFetchSite: request.get('sec-fetch-site'),
    origin: request.get('origin'),
    host: request.host,
  };
  if (changesState(request) && !comesFromOurselves(from)) next(new ForbiddenException('another site must not change anything here'));
  else next();
};
