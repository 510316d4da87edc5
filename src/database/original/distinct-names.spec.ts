import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distinctNames } from './distinct-names.js';

const named = (...names: readonly string[]): readonly { id: number; name: string }[] => names.map((name, index) => ({ id: index + 1, name }));
const of = (...names: readonly string[]): readonly string[] => [...distinctNames(named(...names)).values()];

describe('names of channels', () => {
  it.each([
    [['a', 'b'], ['a', 'b']],
    [['a', 'a', 'a'], ['a', 'a2', 'a3']],
    [['a', 'A', 'a '], ['a', 'A', 'a ']],
    [['a2', 'a', 'a'], ['a2', 'a', 'a3']],
    [['a', 'a', 'a2'], ['a', 'a2-2', 'a2']],
    [['a', 'a', 'a2', 'a2-2'], ['a', 'a2-3', 'a2', 'a2-2']],
    [['a1', 'a1', 'a12', 'a12'], ['a1', 'a12-2', 'a12', 'a124']],
    [['', ''], ['', '2']],
    [[], []],
  ])('%j become %j', (before, after) => {
    expect(of(...before)).toEqual(after);
  });

  it('go by the ids, not by the order of the rows', () => {
    const rows = named('a', 'a', 'b', 'b');
    expect(distinctNames([...rows].reverse())).toEqual(distinctNames(rows));
  });

  it('are all different, each first one keeps its own, and no other channel is renamed', () => {
    const fewNames = fc.array(fc.stringMatching(/^[ab]?[12]?(-2)?$/), { maxLength: 40 });
    fc.assert(
      fc.property(fewNames, (names) => {
        const after = of(...names);
        expect(new Set(after).size).toBe(names.length);
        for (const [index, name] of names.entries()) {
          if (names.indexOf(name) === index) expect(after[index]).toBe(name);
          else expect(after[index]).toMatch(new RegExp(`^${name}${index + 1}(-\\d+)?$`));
        }
      }),
    );
  });
});
