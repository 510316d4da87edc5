import { describe, expect, it } from '@jest/globals';
import { MemoryRotationCursor } from './memory-rotation-cursor.js';

describe('the rotation cursor', () => {
  it('starts at 0 and goes where it is moved, per model and priority', () => {
    const cursor = new MemoryRotationCursor();
    cursor.moveTo('m', 1, 3);
    cursor.moveTo('m', 2, 5);
    expect([cursor.position('m', 1), cursor.position('m', 2), cursor.position('n', 1)]).toEqual([3, 5, 0]);
  });

  it('gives every moved pointer once, where it is now', () => {
    const cursor = new MemoryRotationCursor();
    cursor.moveTo('m', 1, 1);
    cursor.moveTo('m', 1, 2);
    expect(cursor.takeChanges()).toEqual([{ model: 'm', priority: 1, position: 2 }]);
    expect(cursor.takeChanges()).toEqual([]);
  });

  it('has nothing to write after a move to the same place', () => {
    const cursor = new MemoryRotationCursor();
    cursor.restore([{ model: 'm', priority: 1, position: 4 }]);
    cursor.moveTo('m', 1, 4);
    expect(cursor.takeChanges()).toEqual([]);
  });

  it('takes over stored positions, but not over one that has moved already', () => {
    const cursor = new MemoryRotationCursor();
    cursor.moveTo('m', 1, 9);
    cursor.restore([
      { model: 'm', priority: 1, position: 4 },
      { model: 'n', priority: 1, position: 2 },
    ]);
    expect([cursor.position('m', 1), cursor.position('n', 1)]).toEqual([9, 2]);
  });

  it('takes again what could not be stored, as it is by then', () => {
    const cursor = new MemoryRotationCursor();
    cursor.moveTo('m', 1, 1);
    cursor.moveTo('n', 1, 1);
    const failed = cursor.takeChanges();
    cursor.moveTo('m', 1, 2);
    cursor.putBack(failed);
    expect(cursor.takeChanges()).toEqual([
      { model: 'm', priority: 1, position: 2 },
      { model: 'n', priority: 1, position: 1 },
    ]);
  });

  it('remembers no more pointers than its bound, and counts what it refused', () => {
    const cursor = new MemoryRotationCursor(2);
    for (const model of ['a', 'b', 'c']) cursor.moveTo(model, 1, 7);
    cursor.moveTo('a', 1, 8);
    expect([cursor.position('a', 1), cursor.position('b', 1), cursor.position('c', 1)]).toEqual([8, 7, 0]);
    expect([cursor.size, cursor.refused]).toEqual([2, 1]);
  });

  it('goes where another process has moved to, and neither stores nor passes it on', () => {
    const cursor = new MemoryRotationCursor();
    cursor.adopt({ model: 'm', priority: 1, position: 2 });
    cursor.adopt({ model: 'm', priority: 1, position: 3 });
    expect([cursor.position('m', 1), cursor.takeChanges()]).toEqual([3, []]);
    expect(cursor.all()).toEqual([{ model: 'm', priority: 1, position: 3 }]);
  });
});
