import { describe, expect, it } from '@jest/globals';
import { channelFormEn as texts } from './channel-form.en.js';
import { requestUrlsView } from './request-urls.view.js';

describe('where requests will go', () => {
  it.each([
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/', 'https://api.anthropic.com/v1/messages'],
    ['https://relay.example.com/api', 'https://relay.example.com/api/v1/messages'],
    ['https://relay.example.com/v1', 'https://relay.example.com/v1/messages'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/messages'],
  ])('with %s is %s', (url, expected) => {
    const [first] = requestUrlsView(url, undefined, texts).urls;
    expect(`${first?.prefix ?? ''}${first?.path ?? ''}`).toBe(expected);
  });

  it.each([
    ['https://relay.example.com/v1/chat/completions', [texts.doubledPath('/v1/chat/completions')]],
    ['http://relay.example.com', [texts.cleartext]],
    ['http://192.168.1.7:8080', []],
    ['http://gpu-box:8080', []],
    ['https://relay.example.com', []],
  ])('comes with advice for %s: %j', (url, advice) => expect(requestUrlsView(url, undefined, texts).advice).toEqual(advice));

  it('is an example before anything is typed, and a sentence instead of what cannot be', () => {
    expect(requestUrlsView('', 'no-scheme', texts)).toMatchObject({ heading: texts.exampleUrls, urls: { length: 3 } });
    expect(requestUrlsView('relay', 'no-scheme', texts)).toMatchObject({ urls: [], problem: texts.urlFaults['no-scheme'] });
  });
});
