import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelListOf } from './model-list.js';

describe('the models of a channel', () => {
  it.each([
    ['["a","b"]', ['a', 'b'], true],
    ['[]', [], true],
    ['["a",null,7,"","a","b"]', ['a', 'b'], true],
    ['["a, b"]', ['a, b'], true],
    ['"[\\"a\\",\\"b\\"]"', ['a', 'b'], false],
    ['"a"', ['a'], false],
    ['a', ['a'], false],
    [' a , b;c|d\r\ne,,a', ['a', 'b', 'c', 'd', 'e'], false],
    ['["a"', [], false],
    ['4', ['4'], false],
    ['null', [], false],
    ['{"a":1}', [], false],
    ['', [], false],
    [' \t\u00a0', [], false],
    [' \n\ufeff{a', [], false],
    ['"a', [], false],
    [' a"', ['a"'], false],
    [null, [], false],
    [Buffer.from('["a"]'), [], false],
  ])('%j are %j', (stored, names, wasList) => {
    expect(modelListOf(stored)).toEqual({ names, wasList });
  });

  it.each([
    ['blanks', ' ', 'a', ['a']],
    ['blanks of two bytes', '\u3000', '["a"', []],
    ['quotes', '"', '', []],
    ['brackets', '[', '', []],
  ])('are found behind ten million %s', (_what, filling, end, names) => {
    expect(modelListOf(filling.repeat(10_000_000) + end)).toEqual({ names, wasList: false });
  });

  it('come back from any list of names, without blanks and repetitions', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const { names: found, wasList } = modelListOf(JSON.stringify(names));
        expect({ found, wasList }).toEqual({ found: [...new Set(names)].filter((name) => name !== ''), wasList: true });
      }),
    );
  });
});
