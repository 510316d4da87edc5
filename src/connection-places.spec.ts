import { describe, expect, it } from '@jest/globals';
import { ConnectionPlaces } from './connection-places.js';

describe('the places of an address', () => {
  it('are so many and no more, and come back one by one', () => {
    const places = new ConnectionPlaces(2);
    expect(['a', 'a', 'a', 'b'].map((address) => places.take(address))).toEqual([true, true, false, true]);
    places.free('a');
    expect([places.take('a'), places.take('a')]).toEqual([true, false]);
  });

  it('are shared by the addresses of one IPv6 network', () => {
    const places = new ConnectionPlaces(1);
    expect(['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:3::1'].map((address) => places.take(address))).toEqual([true, false, true]);
  });

  it('are forgotten with the last connection', () => {
    const places = new ConnectionPlaces(10);
    for (let turn = 0; turn < 1_000; turn++) places.take(`10.0.${turn >> 8}.${turn & 255}`);
    for (let turn = 0; turn < 1_000; turn++) places.free(`10.0.${turn >> 8}.${turn & 255}`);
    expect(places.size).toBe(0);
  });
});
