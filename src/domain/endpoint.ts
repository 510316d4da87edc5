/** How a channel's host wants its key: as Anthropic does, as OpenAI does, or either (relays accept both). */
export type CredentialStyle = 'x-api-key' | 'bearer' | 'both';

/** Where a channel's requests go, computed from its URL once. */
export interface Endpoint {
  /** Scheme, host and port, e.g. `https://api.anthropic.com`. */
  readonly origin: string;
  /** Value of the `Host` header. */
  readonly host: string;
  /** Path in front of the request path: without trailing slash and without a final `/v1`, which every request path brings itself. */
  readonly pathPrefix: string;
  readonly credentialStyle: CredentialStyle;
}

const credentialStyleOf = (hostname: string): CredentialStyle => {
  if (hostname === 'api.anthropic.com') return 'x-api-key';
  if (hostname === 'api.openai.com') return 'bearer';
  return 'both';
};

/** What can be wrong with a channel URL. */
export type ChannelUrlFault = 'no-scheme' | 'incomplete' | 'no-host' | 'credentials' | 'query';

/** Why a channel URL cannot be used; `undefined` when it can. */
export const channelUrlFault = (url: string): ChannelUrlFault | undefined => {
  if (!/^https?:\/\//i.test(url)) return 'no-scheme';
  if (!URL.canParse(url)) return 'incomplete';
  const { username, password, search, hash, hostname } = new URL(url);
  if (hostname === '') return 'no-host';
  if (username !== '' || password !== '') return 'credentials';
  return search !== '' || hash !== '' ? 'query' : undefined;
};

const urlProblems: Readonly<Record<ChannelUrlFault, string>> = {
  'no-scheme': 'url must begin with http:// or https://, for example https://api.anthropic.com',
  incomplete: 'url must be a complete address, for example https://api.anthropic.com',
  'no-host': 'url must name a host, for example https://api.anthropic.com',
  credentials: 'url must not contain credentials; the key belongs in api_key',
  query: 'url must not have a query or a fragment; only scheme, host, port and path',
};

/** The same as a sentence about what was expected. */
export const channelUrlProblem = (url: string): string | undefined => {
  const fault = channelUrlFault(url);
  return fault === undefined ? undefined : urlProblems[fault];
};

/** What clients ask for most, one path for each dialect. */
export const usualPaths = { anthropic: '/v1/messages', openai: '/v1/chat/completions', responses: '/v1/responses' } as const;

/** The endpoint of a valid channel URL. Throws a TypeError on one that `channelUrlProblem` refuses: a bug of the caller. */
export const endpointOf = (url: string): Endpoint => {
  const { origin, host, hostname, pathname } = new URL(url);
  const pathPrefix = pathname.replace(/(\/+v1)?\/*$/, '');
  return { origin, host, pathPrefix, credentialStyle: credentialStyleOf(hostname) };
};
