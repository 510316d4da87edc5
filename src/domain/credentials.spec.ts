import { describe, expect, it } from '@jest/globals';
import { channelKeyProblem, credentialHeaders, versionHeaders } from './credentials.js';
import { endpointOf } from './endpoint.js';

describe('the headers of a key', () => {
  it.each([
    ['https://api.anthropic.com', ['x-api-key', 's']],
    ['https://api.openai.com/v1', ['authorization', 'Bearer s']],
    ['https://relay.example.com', ['x-api-key', 's', 'authorization', 'Bearer s']],
    ['https://api.anthropic.com.evil.example', ['x-api-key', 's', 'authorization', 'Bearer s']],
  ])('for %s are %j', (url, headers) => {
    expect(credentialHeaders(endpointOf(url), 's')).toEqual(headers);
  });
});

describe('a key', () => {
  it.each(['sk-ant-api03-abc', 'with spaces', 'caf\u00e9', 'a\tb'])('can be sent: %j', (secret) => {
    expect(channelKeyProblem(secret)).toBeUndefined();
  });

  it.each(['', 'line\nbreak', 'return\r', 'nul\u0000', 'escape\u001b', 'delete\u007f', '密钥', 'sk-\u2026'])('cannot be sent: %j', (secret) => {
    expect(channelKeyProblem(secret)).toMatch(/^api_key must not/);
  });
});

describe('the version header', () => {
  it.each([
    ['anthropic', false, ['anthropic-version', '2023-06-01']],
    ['anthropic', true, []],
    ['responses', false, []],
    ['openai', false, []],
  ] as const)('of %s, sent by the client: %s, is %j', (dialect, hasVersion, headers) => {
    expect(versionHeaders(dialect, hasVersion)).toEqual(headers);
  });
});
