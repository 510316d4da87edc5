import { describe, expect, it } from '@jest/globals';
import { WriteBehind, type DirtyMemory } from './write-behind.js';

/** Remembers changes as they come. */
const memoryOf = (...changes: readonly string[]): DirtyMemory<string> & { changes: string[] } => ({
  changes: [...changes],
  takeChanges() {
    return this.changes.splice(0);
  },
  putBack(failed) {
    this.changes.unshift(...failed);
  },
});

describe('writing behind', () => {
  it('carries what changed, once', async () => {
    const written: string[] = [];
    const behind = new WriteBehind('things', memoryOf('a', 'b'), async (changes) => void written.push(...changes));
    await behind.flush();
    await behind.flush();
    expect(written).toEqual(['a', 'b']);
  });

  it('does not touch the table when nothing changed', async () => {
    let calls = 0;
    const behind = new WriteBehind('things', memoryOf(), async () => void (calls += 1));
    await behind.flush();
    expect(calls).toBe(0);
  });

  it('puts back what failed, warns once per episode and writes it with the next changes', async () => {
    const memory = memoryOf('a');
    const warnings: string[] = [];
    let isBroken = true;
    const written: string[] = [];
    const apply = async (changes: readonly string[]): Promise<void> => {
      if (isBroken) throw new Error('the database is closed');
      written.push(...changes);
    };
    const behind = new WriteBehind('things', memory, apply, (sentence) => warnings.push(sentence));
    await behind.flush();
    await behind.flush();
    expect(warnings).toEqual(['The things cannot be stored and are kept in memory: the database is closed']);
    isBroken = false;
    memory.changes.push('b');
    await behind.flush();
    expect(written).toEqual(['a', 'b']);
  });

  it('never writes twice at a time, and a flush takes what changed while another one wrote', async () => {
    const memory = memoryOf('a');
    let underWay = 0;
    const written: string[] = [];
    const behind = new WriteBehind('things', memory, async (changes) => {
      underWay += 1;
      expect(underWay).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      written.push(...changes);
      underWay -= 1;
    });
    const first = behind.flush();
    memory.changes.push('b');
    await Promise.all([first, behind.flush(), behind.flush()]);
    expect(written).toEqual(['a', 'b']);
  });
});
