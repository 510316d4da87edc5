import { describe, expect, it } from '@jest/globals';
import { mostTelling } from './best-refusal.js';

const statusToldOf = (...statuses: readonly number[]): number | undefined =>
  mostTelling(statuses.map((status) => ({ status })))?.status;

describe('the answer a client gets when every channel failed', () => {
  it.each([
    ['a rate limit before an outage, whichever came last', [429, 503, 529], 429],
    ['an outage before a refused key, so that nobody throws a valid token away', [503, 401], 503],
    ['a timeout at the upstream like an outage', [408, 401, 404], 408],
    ['an overload like any other outage: the later of both', [529, 500], 500],
    ['an outage like any other overload: the later of both', [500, 529], 529],
    ['an outage before a missing model that another channel has', [404, 500], 500],
    ['a missing model before trouble with our account', [404, 402, 403, 401], 404],
    ['exhausted credit before a refused key', [402, 401], 402],
    ['exhausted credit that came as 400 before a refused key', [400, 403], 400],
    ['a lack of permission before an invalid key', [403, 401], 403],
    ['an invalid key when every channel said just that', [401, 401], 401],
    ['a rate limit before everything', [401, 403, 402, 404, 503, 429, 503, 404], 429],
  ])('is %s', (_title, statuses, expected) => {
    expect(statusToldOf(...statuses)).toBe(expected);
  });

  it('is the later one of two equals', () => {
    const first = { status: 429, from: 'a' };
    const second = { status: 429, from: 'b' };
    expect(mostTelling([first, second])).toBe(second);
  });

  it('does not exist when no upstream answered', () => {
    expect(mostTelling([])).toBeUndefined();
  });
});
