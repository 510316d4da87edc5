import { describe, expect, it } from '@jest/globals';
import { listPath, listQueryOf } from './list-query.js';

describe('the address of the list', () => {
  it.each([
    ['', ''],
    ['q=main', 'q=main'],
    ['q=main&status=cooling&model=opus&sort=name&page=3', 'q=main&status=cooling&model=opus&sort=name&page=3'],
    ['sort=priority&order=desc&page=1', ''],
    ['sort=name&order=asc', 'sort=name'],
    ['sort=success&order=asc', 'sort=success&order=asc'],
    ['status=teapot&sort=teapot&page=0', ''],
    ['page=1e5', ''],
    ['q=%20%20', ''],
    ['q=100%25%20%26', 'q=100%25+%26'],
  ])('asked for as ?%s stays short: ?%s', (asked, kept) => {
    const query = listQueryOf(Object.fromEntries(new URLSearchParams(asked)));
    expect(listPath(query)).toBe(kept === '' ? '/web/channels' : `/web/channels?${kept}`);
  });

  it.each([undefined, null, 7, 'q', { q: [] }, { q: [['a']] }, { q: { a: 1 } }])('of %j, which no form of ours sends, asks for all', (query) =>
    expect(listPath(listQueryOf(query))).toBe('/web/channels'));

  it('holds no more than one would type', () => expect(listQueryOf({ q: 'x'.repeat(5_000) }).q).toHaveLength(200));
});
