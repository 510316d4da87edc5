import type { IncomingHttpHeaders } from 'node:http';

/** Names that lead to the machine itself or are addresses; a browser brings every way to write an IPv4 address into this one. */
const needsNoName = /^(?:localhost|.*\.localhost|\d+(?:\.\d+){3}|\[[\da-f:.]+\])(?::\d+)?$/;

/** Browsers write both in lower case and leave out a port that the scheme implies (RFC 6454 §6.1, RFC 9110 §7.2). */
const isOfItsOwnSite = (origin: string, host: string): boolean => origin === `http://${host}` || origin === `https://${host}`;

/**
 * What a page in a browser may send without being asked, and so without a token whose owner knows of it:
 *
 * - a body that it cannot call JSON. What it can is preceded by a preflight, which nobody answers here
 *   (https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
 * - anything to its own site, which is this gateway when the site's name was made to lead here (DNS rebinding). We are called
 *   by our address or as localhost then, or serve a page that calls no model.
 *
 * Programs name no origin; those with a browser inside send JSON, to a site that is not their own.
 */
export const mayBeSentUnasked = ({ origin, host = '', 'content-type': contentType = '' }: IncomingHttpHeaders): boolean => {
  if (origin === undefined) return false;
  if (!/^application\/json[ \t]*(;|$)/i.test(contentType)) return true;
  return isOfItsOwnSite(origin.toLowerCase(), host.toLowerCase()) && !needsNoName.test(host.toLowerCase());
};
