import { describe, expect, it } from '@jest/globals';
import { inOrder, orderAfterClick, statsPath, statsRequestOf, type KindFacts, type StatsColumn } from './stats-order.js';

const kind = (changes: Partial<KindFacts>): KindFacts => ({
  channel_id: 1,
  channel_name: 'a',
  model: 'm',
  success: 1,
  error: 0,
  total: 1,
  input_tokens: 1,
  output_tokens: 1,
  cache_read_tokens: 1,
  cache_creation_tokens: 1,
  avg_duration: 1,
  p95_duration: 1,
  avg_first_byte_time: 1,
  p95_first_byte_time: 1,
  ...changes,
});

const order = (kinds: readonly KindFacts[], column: StatsColumn, isDescending: boolean): readonly string[] =>
  inOrder(kinds, { column, isDescending }, 'en').map(({ model }) => model);

describe('the order of the statistics', () => {
  it.each([
    ['channel', 'channel_name'],
    ['total', 'total'],
    ['share', 'total'],
    ['error', 'error'],
    ['input', 'input_tokens'],
    ['output', 'output_tokens'],
    ['cacheRead', 'cache_read_tokens'],
    ['cacheWrite', 'cache_creation_tokens'],
    ['averageDuration', 'avg_duration'],
    ['p95Duration', 'p95_duration'],
    ['averageFirstByte', 'avg_first_byte_time'],
    ['p95FirstByte', 'p95_first_byte_time'],
  ] as const)('by %s goes by %s, both ways', (column, field) => {
    const valueOf = (number: number): number | string => (field === 'channel_name' ? `channel ${number}` : number);
    const kinds = [2, 10, 1].map((number) => kind({ model: `m${number}`, [field]: valueOf(number) }));
    expect(order(kinds, column, false)).toEqual(['m1', 'm2', 'm10']);
    expect(order(kinds, column, true)).toEqual(['m10', 'm2', 'm1']);
  });

  it('by success goes by the rate, and not by the number, of successes', () => {
    const kinds = [kind({ model: 'half', success: 50, error: 50 }), kind({ model: 'all', success: 2 })];
    expect(order(kinds, 'rate', true)).toEqual(['all', 'half']);
  });

  it.each([true, false])('puts what has no value last, descending: %s', (isDescending) => {
    const kinds = [kind({ model: 'none', avg_duration: null, success: 0 }), kind({ model: 'some' })];
    expect(order(kinds, 'averageDuration', isDescending)).toEqual(['some', 'none']);
    expect(order(kinds, 'rate', isDescending)).toEqual(['some', 'none']);
  });

  it('turns round when its column is clicked again, and begins with the largest number or the first name', () => {
    const now = { column: 'total', isDescending: true } as const;
    expect(orderAfterClick('total', now)).toEqual({ column: 'total', isDescending: false });
    expect(orderAfterClick('error', now).isDescending).toBe(true);
    expect(orderAfterClick('model', now).isDescending).toBe(false);
  });

  it.each([{ sort: 'price' }, { sort: '__proto__' }, { sort: ['toString'] }, { order: 'up' }, { page: '0' }, { page: '1e9' }])('of the address %j is the default', (query) => {
    expect(statsRequestOf(query)).toEqual({ hours: 24, order: { column: 'total', isDescending: true }, page: 1 });
  });

  it('is written into the address and read back', () => {
    const chosen = { column: 'p95FirstByte', isDescending: false } as const;
    const path = statsPath(168, chosen, 3);
    const query = Object.fromEntries(new URLSearchParams(path.split('?')[1]));
    expect(statsRequestOf(query)).toEqual({ hours: 168, order: chosen, page: 3 });
  });

  it('of a span that there cannot be asks for nothing', () => {
    expect(statsRequestOf({ hours: '1000' }).hours).toBeUndefined();
  });
});
