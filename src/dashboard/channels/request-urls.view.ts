import { endpointOf, usualPaths } from '../../domain/endpoint.js';
import type { ChannelFormTexts } from './channel-form.en.js';

const exampleUrl = 'https://api.anthropic.com';
const dialects = ['anthropic', 'openai', 'responses'] as const;

/** What may be wrong with a URL. */
export type UrlFault = keyof ChannelFormTexts['urlFaults'];

/** Where requests go that a base URL is set in front of. */
export interface RequestUrlsView {
  readonly heading: string;
  readonly urls: readonly { readonly dialect: string; readonly prefix: string; readonly path: string }[];
  /** What is wrong with the URL, or likely to be. */
  readonly problem?: string;
  readonly advice: readonly string[];
}

const urlsOf = (url: string, texts: ChannelFormTexts): RequestUrlsView['urls'] => {
  const { origin, pathPrefix } = endpointOf(url);
  return dialects.map((dialect) => ({ dialect: texts.dialects[dialect], prefix: `${origin}${pathPrefix}`, path: usualPaths[dialect] }));
};

const isNearby = (hostname: string): boolean => /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)|^[^.]+$|\.(local|internal|lan)$/i.test(hostname);

const adviceOn = (url: string, texts: ChannelFormTexts): readonly string[] => {
  const { protocol, hostname, pathname } = new URL(url);
  const doubled = Object.values(usualPaths).find((path) => pathname.replace(/\/+$/, '').endsWith(path));
  return [
    ...(doubled === undefined ? [] : [texts.doubledPath(doubled)]),
    ...(protocol === 'http:' && !isNearby(hostname) ? [texts.cleartext] : []),
  ];
};

/** Computed as the request path computes it. Nothing typed yet: an example. */
export const requestUrlsView = (url: string, fault: UrlFault | undefined, texts: ChannelFormTexts): RequestUrlsView => {
  if (url === '') return { heading: texts.exampleUrls, urls: urlsOf(exampleUrl, texts), advice: [] };
  if (fault !== undefined) return { heading: texts.requestUrls, urls: [], problem: texts.urlFaults[fault], advice: [] };
  return { heading: texts.requestUrls, urls: urlsOf(url, texts), advice: adviceOn(url, texts) };
};
