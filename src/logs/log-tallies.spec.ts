import { describe, expect, it } from '@jest/globals';
import { hourMs } from '../domain/time.js';
import { talliesOf, windowOf, type HourTally } from './log-tallies.js';
import { attemptRecord } from '../../test/support/attempt-record.js';

describe('tallies of records', () => {
  it('are one per hour and kind', () => {
    const records = [
      attemptRecord({ time: 1 }),
      attemptRecord({ time: hourMs - 1 }),
      attemptRecord({ time: hourMs }),
      attemptRecord({ time: 2, statusCode: 500 }),
      attemptRecord({ time: 3, channelId: undefined, channelName: undefined }),
    ];
    expect(talliesOf(records)).toEqual([
      [0, 1, 'a', 'm', 200, 2],
      [hourMs, 1, 'a', 'm', 200, 1],
      [0, 1, 'a', 'm', 500, 1],
      [0, 0, '', 'm', 200, 1],
    ]);
  });

  it('tell names apart that run together with the model', () => {
    const records = [attemptRecord({ channelName: 'a', model: 'bc' }), attemptRecord({ channelName: 'ab', model: 'c' })];
    expect(talliesOf(records)).toHaveLength(2);
  });
});

describe('the window of a page', () => {
  const hours: readonly HourTally[] = [
    { hour: 9 * hourMs, total: 1_000, matching: 10 },
    { hour: 8 * hourMs, total: 1_000, matching: 0 },
    { hour: 7 * hourMs, total: 1_000, matching: 10 },
    { hour: 6 * hourMs, total: 1_000, matching: 1_000 },
  ];

  it('is none beyond the last row, and none without rows', () => {
    expect(windowOf(hours, 1_020, 10)).toBeUndefined();
    expect(windowOf([], 0, 10)).toBeUndefined();
    expect(windowOf([{ hour: 0, total: 5, matching: 0 }], 0, 10)).toBeUndefined();
  });

  it('spans hours until the page is full', () => {
    expect(windowOf(hours, 5, 10)).toMatchObject({ from: 7 * hourMs, to: 10 * hourMs, skip: 5 });
  });

  it('begins with the hour that holds the first row', () => {
    expect(windowOf(hours, 10, 10)).toMatchObject({ from: 7 * hourMs, to: 8 * hourMs, skip: 0 });
    expect(windowOf(hours, 19, 2)).toMatchObject({ from: 6 * hourMs, to: 8 * hourMs, skip: 9 });
  });

  it('is gone through row by row only where enough rows match', () => {
    expect(windowOf(hours, 0, 10)).toMatchObject({ isDense: false });
    expect(windowOf(hours, 20, 10)).toMatchObject({ isDense: true });
  });
});
