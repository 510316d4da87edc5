import { expect, it } from '@jest/globals';
import { statusBadge } from './status-badge.js';

it.each([
  [200, 'good', '200 OK'],
  [204, 'good', '204 OK'],
  [302, 'bad', '302 Failed'],
  [418, 'warn', '418 Refused'],
  [429, 'warn', '429 Rate limit'],
  [499, 'quiet', '499 Client left'],
  [520, 'bad', '520 Failed'],
  [529, 'bad', '529 Overloaded'],
] as const)('a status of %d is %s and reads "%s"', (status, tone, label) => {
  expect(statusBadge(status, 'en')).toEqual({ tone, label });
});

it('a status has words in every language', () => {
  expect(statusBadge(429, 'zh').label).toBe('429 触发限流');
  expect(statusBadge(418, 'zh').label).toBe('418 被拒绝');
});
