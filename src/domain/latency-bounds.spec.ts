import { describe, expect, it } from '@jest/globals';
import { latencyBound } from './latency-bounds.js';

describe('what is known of a latency that was counted by class', () => {
  it.each([
    [0.016, { atMost: 0.25 }],
    [0.25, { atMost: 0.25 }],
    [0.251, { atMost: 0.5 }],
    [14.65, { atMost: 15 }],
    [299, { atMost: 300 }],
    [300, { atLeast: 300 }],
  ])('is of %d s the bound of its class', (seconds, bound) => expect(latencyBound(seconds)).toEqual(bound));
});
