import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rotationOfKey } from './rotation-key.js';

describe('a key of the round-robin pointers', () => {
  it.each([
    ['claude-sonnet-4-5|10', 'claude-sonnet-4-5', 10],
    ['gpt-5|0', 'gpt-5', 0],
    ['gpt-5|-7', 'gpt-5', -7],
    ['one|two|3', 'one|two', 3],
    ['|1', '', 1],
    ['a||-1', 'a|', -1],
  ])('%j is the model %j and the priority %d', (key, model, priority) => {
    expect(rotationOfKey(key)).toEqual({ model, priority });
  });

  it.each(['', 'gpt-5', 'gpt-5|', 'gpt-5|high', 'gpt-5|1.5', 'gpt-5|+1', 'gpt-5|01', 'gpt-5|-0', 'gpt-5| 1', 'gpt-5|12345678901', 'gpt-5|1e3', null, 7, Buffer.from('a|1')])(
    '%j is none',
    (key) => {
      expect(rotationOfKey(key)).toBeUndefined();
    },
  );

  it('comes back for every model and priority, and no two keys mean the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -999_999_999, max: 999_999_999 }), (model, priority) => {
        expect(rotationOfKey(`${model}|${priority}`)).toEqual({ model, priority });
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a|]{0,3}\|[-+0-9.e]{0,4}$/), (key) => {
        const rotation = rotationOfKey(key);
        expect(rotation === undefined ? key : `${rotation.model}|${rotation.priority}`).toBe(key);
      }),
    );
  });
});
