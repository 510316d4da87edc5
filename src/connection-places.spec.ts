import { describe, expect, it } from '@jest/globals';
import { ConnectionPlaces } from './connection-places.js';

describe('the places of an address', () => {
  it('are so many and no more, and come back one by one', () => {
    const places = new ConnectionPlaces(2);
    expect(['a', 'a', 'a', 'b'].map((address) => places.take(address))).toEqual([true, true, false, true]);
    places.free('a');
    expect([places.take('a'), places.take('a')]).toEqual([true, false]);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1', true],
    ['2001:db8:1::1', '2001:db8:1:0:1::', true],
    ['2001:db8::1', '2001:db8:0:0:ffff::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '1::', false],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.2', false],
    ['10.0.0.1', '10.0.0.2', false],
  ])('of %s are those of %s: %s', (one, other, same) => {
    const places = new ConnectionPlaces(1);
    places.take(one);
    expect(places.take(other)).toBe(!same);
  });

  it('are forgotten with the last connection', () => {
    const places = new ConnectionPlaces(10);
    for (let turn = 0; turn < 1_000; turn++) places.take(`10.0.${turn >> 8}.${turn & 255}`);
    for (let turn = 0; turn < 1_000; turn++) places.free(`10.0.${turn >> 8}.${turn & 255}`);
    expect(places.size).toBe(0);
  });
});
