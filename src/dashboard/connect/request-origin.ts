import type { Request } from 'express';

/** A name or address with an optional port: nothing that would mean something to a shell that it is pasted into. */
const plainHost = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Where the browser reached us, from its own words; this machine's name for itself when they are no plain host. */
export const originOf = (request: Pick<Request, 'protocol'> & { readonly headers: { readonly host?: string | undefined } }): string => {
  const { host = '' } = request.headers;
  return plainHost.test(host) ? `${request.protocol}://${host}` : 'http://127.0.0.1:8080';
};
