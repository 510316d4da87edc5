import type { Dialect } from './dialect.js';
import type { Endpoint } from './endpoint.js';

/** What an Anthropic endpoint is told when the client names no version itself. */
export const defaultAnthropicVersion = '2023-06-01';

/** Why a key cannot be sent, as a sentence; `undefined` when it can. What a header value may hold: RFC 9110 §5.5. */
export const channelKeyProblem = (secret: string): string | undefined =>
  /^[\t\x20-\x7e\x80-\xff]+$/.test(secret) ? undefined : 'api_key must not be empty or hold line breaks, control characters or characters above U+00FF';

/** The headers that carry a channel's key to its endpoint, as a flat list: name, value, name, value. */
export const credentialHeaders = (endpoint: Endpoint, secret: string): readonly string[] => {
  switch (endpoint.credentialStyle) {
    case 'x-api-key':
      return ['x-api-key', secret];
    case 'bearer':
      return ['authorization', `Bearer ${secret}`];
    case 'both':
      return ['x-api-key', secret, 'authorization', `Bearer ${secret}`];
  }
};

/** The version header that a request of this dialect needs and has not brought, as a flat list. */
export const versionHeaders = (dialect: Dialect, hasVersion: boolean): readonly string[] =>
  dialect === 'anthropic' && !hasVersion ? ['anthropic-version', defaultAnthropicVersion] : [];
