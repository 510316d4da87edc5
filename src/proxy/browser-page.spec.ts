import { describe, expect, it } from '@jest/globals';
import { mayBeSentUnasked } from './browser-page.js';

const json = 'application/json';
type Headers = Parameters<typeof mayBeSentUnasked>[0];

const unasked: readonly (readonly [what: string, headers: Headers])[] = [
  ['a form', { origin: 'https://elsewhere.test', host: '127.0.0.1:8080', 'content-type': 'text/plain' }],
  ['a form of a page without a site', { origin: 'null', host: '127.0.0.1:8080', 'content-type': 'application/x-www-form-urlencoded' }],
  ['a body of no kind', { origin: 'https://elsewhere.test', host: '127.0.0.1:8080' }],
  ['a kind that only begins like JSON', { origin: 'https://elsewhere.test', host: '127.0.0.1:8080', 'content-type': 'application/jsonp' }],
  ['JSON to a site whose name was made to lead here', { origin: 'http://elsewhere.test:8080', host: 'elsewhere.test:8080', 'content-type': json }],
  ['the same in capitals', { origin: 'http://Elsewhere.test:8080', host: 'eLsewhere.TEST:8080', 'content-type': json }],
  ['the same at the port of the scheme', { origin: 'http://elsewhere.test', host: 'elsewhere.test', 'content-type': json }],
  ['the same behind TLS', { origin: 'https://elsewhere.test', host: 'elsewhere.test', 'content-type': json }],
  ['a name that looks like an address', { origin: 'http://127.0.0.1.elsewhere.test:8080', host: '127.0.0.1.elsewhere.test:8080', 'content-type': json }],
  ['a name that begins like this machine', { origin: 'http://localhost.elsewhere.test', host: 'localhost.elsewhere.test', 'content-type': json }],
];

const asked: readonly (readonly [what: string, headers: Headers])[] = [
  ['a program', { host: '127.0.0.1:8080' }],
  ['a program that calls a name', { host: 'gateway.lan:8080', 'content-type': json }],
  ['a program that says nothing at all', {}],
  ['a program with a browser inside', { origin: 'app://desk', host: '127.0.0.1:8080', 'content-type': json }],
  ['the same at another machine', { origin: 'app://desk', host: 'gateway.lan:8080', 'content-type': 'application/json; charset=utf-8' }],
  ['a page for which a browser has asked first', { origin: 'https://elsewhere.test', host: '127.0.0.1:8080', 'content-type': json }],
  ['a page of our own, at localhost', { origin: 'http://localhost:8080', host: 'localhost:8080', 'content-type': json }],
  ['the same at a name below it', { origin: 'http://cc.localhost:8080', host: 'cc.localhost:8080', 'content-type': json }],
  ['the same at an address', { origin: 'http://192.168.1.2:8080', host: '192.168.1.2:8080', 'content-type': json }],
  ['the same at an address of IPv6', { origin: 'http://[::1]:8080', host: '[::1]:8080', 'content-type': json }],
];

describe('a page in a browser, while no token is asked for,', () => {
  it.each(unasked)('may not call a model with %s', (_what, headers) => expect(mayBeSentUnasked(headers)).toBe(true));
  it.each(asked)('is not what this is: %s', (_what, headers) => expect(mayBeSentUnasked(headers)).toBe(false));
});
