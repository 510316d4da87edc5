import { describe, expect, it } from '@jest/globals';
import { channelUrlProblem, endpointOf, type CredentialStyle } from './endpoint.js';

const upstreamUrl = (channelUrl: string, target: string): string => {
  const { origin, pathPrefix } = endpointOf(channelUrl);
  return origin + pathPrefix + target;
};

describe('the upstream URL is the channel URL followed by the request path', () => {
  it.each([
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com///', 'https://api.anthropic.com/v1/messages'],
    ['https://relay.example/claude', 'https://relay.example/claude/v1/messages'],
    ['https://relay.example/claude/', 'https://relay.example/claude/v1/messages'],
    ['http://10.0.0.7:3000', 'http://10.0.0.7:3000/v1/messages'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x/v1/messages'],
    ['HTTPS://Relay.Example', 'https://relay.example/v1/messages'],
    ['https://relay.example:443', 'https://relay.example/v1/messages'],
    ['https://relay.example/a%2Fb', 'https://relay.example/a%2Fb/v1/messages'],
  ])('%s', (channelUrl, expected) => {
    expect(upstreamUrl(channelUrl, '/v1/messages')).toBe(expected);
  });

  it.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/responses'],
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1/responses'],
    ['https://relay.example/openai/v1', 'https://relay.example/openai/v1/responses'],
    ['https://relay.example/openai//v1//', 'https://relay.example/openai/v1/responses'],
  ])('a final /v1 is not doubled: %s', (channelUrl, expected) => {
    expect(upstreamUrl(channelUrl, '/v1/responses')).toBe(expected);
  });

  it.each(['https://relay.example/apiv1', 'https://relay.example/v1beta', 'https://relay.example/v1/claude', 'https://relay.example/V1'])(
    'what only looks like a final /v1 is kept: %s',
    (channelUrl) => {
      expect(upstreamUrl(channelUrl, '/v1/messages')).toBe(`${channelUrl}/v1/messages`);
    },
  );

  it('keeps query and percent-encoding of the request as they came', () => {
    expect(upstreamUrl('https://relay.example/v1', '/v1/messages?beta=true&x=%2F%20')).toBe('https://relay.example/v1/messages?beta=true&x=%2F%20');
  });
});

describe('the Host header names the channel, with its port unless that is the default', () => {
  it.each([
    ['https://relay.example/x/v1', 'relay.example'],
    ['https://relay.example:443', 'relay.example'],
    ['https://relay.example:8443', 'relay.example:8443'],
    ['http://127.0.0.1:80', '127.0.0.1'],
    ['http://[::1]:3000', '[::1]:3000'],
  ])('%s → %s', (channelUrl, host) => {
    expect(endpointOf(channelUrl).host).toBe(host);
  });
});

describe('how a host wants its key', () => {
  it.each<readonly [channelUrl: string, style: CredentialStyle]>([
    ['https://api.anthropic.com', 'x-api-key'],
    ['https://API.Anthropic.com:8443/v1', 'x-api-key'],
    ['https://api.openai.com/v1', 'bearer'],
    ['https://relay.example', 'both'],
    ['https://api.anthropic.com.relay.example', 'both'],
    ['https://relay.example/api.openai.com', 'both'],
    ['https://eu.api.openai.com', 'both'],
    ['http://127.0.0.1:9', 'both'],
  ])('%s → %s', (channelUrl, style) => {
    expect(endpointOf(channelUrl).credentialStyle).toBe(style);
  });
});

describe('a channel URL that cannot be used', () => {
  it.each([
    ['', 'must begin with http:// or https://'],
    ['api.anthropic.com', 'must begin with http:// or https://'],
    ['api.anthropic.com/v1', 'must begin with http:// or https://'],
    ['//api.anthropic.com', 'must begin with http:// or https://'],
    ['ftp://relay.example', 'must begin with http:// or https://'],
    ['https:relay.example', 'must begin with http:// or https://'],
    [' https://relay.example', 'must begin with http:// or https://'],
    ['https://', 'must be a complete address'],
    ['https://relay.example:99999', 'must be a complete address'],
    ['https://re lay.example', 'must be a complete address'],
    ['https://[::1', 'must be a complete address'],
    ['https://key@relay.example', 'must not contain credentials'],
    ['https://user:pass@relay.example', 'must not contain credentials'],
    ['https://relay.example?key=1', 'must not have a query'],
    ['https://relay.example/v1#top', 'must not have a query or a fragment'],
  ])('is refused with what was expected: %j', (url, sentence) => {
    expect(channelUrlProblem(url)).toContain(sentence);
  });

  it('is never quoted in the sentence, because it may hold a secret', () => {
    expect(channelUrlProblem('https://user:hunter2@relay.example')).not.toContain('hunter2');
  });

  it.each(['http://10.0.0.7:3000', 'https://api.anthropic.com', 'HTTPS://relay.example/a/v1/', 'http://localhost', 'http://[::1]:8080/x'])(
    'is not this one: %s',
    (url) => {
      expect(channelUrlProblem(url)).toBeUndefined();
      expect(() => endpointOf(url)).not.toThrow();
    },
  );

  it('is a bug of whoever asks for its endpoint nevertheless', () => {
    expect(() => endpointOf('api.anthropic.com')).toThrow('Invalid URL');
  });
});
