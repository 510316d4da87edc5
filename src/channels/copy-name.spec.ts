import { describe, expect, it } from '@jest/globals';
import { channelBounds } from './channel-problems.js';
import { copyName } from './copy-name.js';

describe('the name of a copy', () => {
  it.each([
    ['relay', [], 'relay copy'],
    ['relay', ['relay copy'], 'relay copy 2'],
    ['relay', ['relay copy', 'relay copy 2'], 'relay copy 3'],
    ['relay', ['relay copy 2'], 'relay copy'],
    ['relay copy', ['relay copy'], 'relay copy 2'],
    ['relay copy 7', ['relay copy', 'relay copy 7'], 'relay copy 2'],
    ['photocopy', [], 'photocopy copy'],
    ['copy', [], 'copy copy'],
  ])('of %j beside %j is %j', (name, others, expected) => {
    expect(copyName(name, new Set([name, ...others]))).toBe(expected);
  });

  it('is never longer than a name may be, however long the first one is', () => {
    const name = 'x'.repeat(channelBounds.nameCharsMax);
    const first = copyName(name, new Set([name]));
    const second = copyName(name, new Set([name, first]));
    expect([first.length, second.length]).toEqual([channelBounds.nameCharsMax, channelBounds.nameCharsMax]);
    expect([first.endsWith('x copy'), second.endsWith('x copy 2')]).toEqual([true, true]);
  });

  it('never ends in the middle of a character', () => {
    const name = `x${'😀'.repeat(95)}`;
    expect(copyName(name, new Set([name]))).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});
