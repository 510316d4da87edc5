import { describe, expect, it } from '@jest/globals';
import { attemptRecord } from '../../test/support/attempt-record.js';
import { callClasses, classIndexOf } from '../domain/call-classes.js';
import { CallCounts, channelLabelsMax, otherChannels } from './call-counts.js';

const classOf = (statusCode: number): string | undefined => callClasses[classIndexOf({ statusCode })];

describe('the class of a status', () => {
  it.each([
    [200, 'success'],
    [299, 'success'],
    [400, 'client_error'],
    [401, 'key_refused'],
    [402, 'key_refused'],
    [403, 'key_refused'],
    [404, 'client_error'],
    [429, 'rate_limited'],
    [498, 'client_error'],
    [499, 'client_left'],
    [500, 'server_error'],
    [504, 'timed_out'],
    [529, 'server_error'],
    [0, 'server_error'],
    [302, 'server_error'],
  ])('%i is %s', (status, name) => {
    expect(classOf(status)).toBe(name);
  });
});

describe('call counts', () => {
  it('count a request once, by its final row, and each attempt at its channel', () => {
    const counts = new CallCounts();
    counts.record([
      attemptRecord({ time: 0, final: false, statusCode: 429, channelName: 'a', usage: undefined }),
      attemptRecord({ time: 2_000, attempt: 2, channelName: 'b', durationMs: 3_000, firstByteMs: 1_000, isStreaming: true }),
    ]);
    expect(counts.requests.anthropic).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(counts.channels.get('a')?.attempts).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(counts.channels.get('b')).toMatchObject({ inputTokens: 10, outputTokens: 20, cacheReadTokens: 3, cacheCreationTokens: 4 });
    expect([counts.duration.streaming.sum, counts.firstByte.streaming.sum]).toEqual([5, 3]);
    expect(counts.duration.whole.count).toBe(0);
  });

  it('count a request without a channel, and nothing for nobody', () => {
    const counts = new CallCounts();
    counts.record([]);
    counts.record([attemptRecord({ path: '/v1/responses', attempt: 0, channelId: undefined, channelName: undefined, firstByteMs: undefined, statusCode: 503 })]);
    expect(counts.requests.responses[6]).toBe(1);
    expect(counts.channels.size).toBe(0);
    expect(counts.firstByte.whole.count).toBe(0);
  });

  it('do not grow with the number of channels', () => {
    const counts = new CallCounts();
    for (let at = 0; at < channelLabelsMax + 50; at += 1) counts.record([attemptRecord({ channelName: `channel ${at}` })]);
    expect(counts.channels.size).toBe(channelLabelsMax + 1);
    expect(counts.channels.get(otherChannels)?.attempts[0]).toBe(50);
  });

  it('are not confused by a clock that was set back between two attempts', () => {
    const counts = new CallCounts();
    counts.record([attemptRecord({ time: 10_000, final: false }), attemptRecord({ time: 0, durationMs: 500 })]);
    expect(counts.duration.whole.sum).toBe(0.5);
  });

  it('put a duration on a bound into that bound, and the longest beyond all', () => {
    const counts = new CallCounts();
    for (const durationMs of [100, 101, 10_000_000]) counts.record([attemptRecord({ durationMs })]);
    const { cumulative, count } = counts.duration.whole;
    expect([cumulative[0], cumulative[1], cumulative.at(-1), count]).toEqual([1, 2, 2, 3]);
  });
});
