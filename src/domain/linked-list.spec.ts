import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LinkedList, type Linked } from './linked-list.js';

class Member implements Linked<Member> {
  before: Member | undefined;
  after: Member | undefined;
  constructor(readonly name: string) {}
}

const names = (list: LinkedList<Member>): string => [...list].map(({ name }) => name).join('');

const listOf = (text: string): { readonly list: LinkedList<Member>; readonly members: readonly Member[] } => {
  const list = new LinkedList<Member>();
  const members = Array.from(text, (name) => new Member(name));
  for (const member of members) list.append(member);
  return { list, members };
};

describe('a linked list', () => {
  it('is empty at first, and when its only member has left', () => {
    const { list, members } = listOf('a');
    for (const member of members) list.remove(member);
    expect([list.first, names(list), names(new LinkedList())]).toEqual([undefined, '', '']);
  });

  it.each([
    [0, 'bcd'],
    [1, 'acd'],
    [3, 'abc'],
  ])('closes the gap when member %i leaves', (index, left) => {
    const { list, members } = listOf('abcd');
    const leaver = members[index];
    if (leaver !== undefined) list.remove(leaver);
    expect(names(list)).toBe(left);
  });

  it('lets nobody who has left hold on to those who stay', () => {
    const { list, members } = listOf('abc');
    const [a, b] = members;
    if (a !== undefined && b !== undefined) for (const member of [b, a]) list.remove(member);
    expect([a?.before, a?.after, b?.before, b?.after]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('answers any history as an array would', () => {
    const step = fc.record({ move: fc.constantFrom('append' as const, 'remove' as const, 'moveToEnd' as const), at: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const list = new LinkedList<Member>();
        const array: Member[] = [];
        for (const [index, { move, at }] of steps.entries()) {
          const member = move === 'append' ? new Member(String(index)) : array.splice(at % Math.max(1, array.length), 1)[0];
          if (member === undefined) continue;
          list[move](member);
          if (move !== 'remove') array.push(member);
        }
        expect([...list]).toEqual(array);
        expect(list.first).toBe(array[0]);
      }),
    );
  });
});
