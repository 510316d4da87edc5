import { describe, expect, it } from '@jest/globals';
import type { OpenRepositories } from './open-repositories.js';
import { UntilWritable } from './until-writable.js';

/** One opening of a file after the other; what happens to each is noted in order. */
const fileWith = (...openings: readonly ('read-only' | 'writable' | 'fails')[]) => {
  const notes: string[] = [];
  const left = [...openings];
  const file = { notes, mayOnlyBeRead: true, open: (): Promise<OpenRepositories> => Promise.reject(new Error('nothing is left to open')) };
  file.open = async () => {
    const kind = left.shift();
    notes.push(`open ${kind}`);
    if (kind === undefined || kind === 'fails') throw new Error('held by another program');
    const note = async (what: string): Promise<void> => void notes.push(`${what} ${kind}`);
    const repositories: unknown = { of: kind };
    const opened: Omit<OpenRepositories, 'repositories'> = {
      isReadOnly: kind === 'read-only',
      durably: () => Promise.reject(new Error('nothing is stored here')),
      recover: () => note('recover'),
      close: () => note('close'),
    };
    return Object.assign({ repositories }, opened) as OpenRepositories;
  };
  return file;
};

const opened = async (file: ReturnType<typeof fileWith>): Promise<UntilWritable> =>
  new UntilWritable(await file.open(), { mayOnlyBeRead: async () => file.mayOnlyBeRead, open: file.open });

describe('a file that may only be read', () => {
  it('stays open for reading as long as that is so', async () => {
    const file = fileWith('read-only', 'writable');
    const database = await opened(file);
    await database.recover();
    await database.recover();
    expect(database.isReadOnly).toBe(true);
    expect(file.notes).toEqual(['open read-only', 'recover read-only', 'recover read-only']);
  });

  it('is closed before it is opened for writing, after the next refusal', async () => {
    const file = fileWith('read-only', 'writable');
    const database = await opened(file);
    file.mayOnlyBeRead = false;
    await database.recover();
    expect(database.isReadOnly).toBe(false);
    expect(database.repositories).toEqual({ of: 'writable' });
    expect(file.notes).toEqual(['open read-only', 'close read-only', 'open writable']);
  });

  it('is then like any other: it is not looked at again', async () => {
    const file = fileWith('read-only', 'writable');
    const database = await opened(file);
    file.mayOnlyBeRead = false;
    await database.recover();
    await database.recover();
    await database.close();
    expect(file.notes.slice(3)).toEqual(['recover writable', 'close writable']);
  });

  it('is opened after a later refusal when that failed, also if it may only be read again by then', async () => {
    const file = fileWith('read-only', 'fails', 'read-only', 'writable');
    const database = await opened(file);
    file.mayOnlyBeRead = false;
    await expect(database.recover()).rejects.toThrow('held by another program');
    file.mayOnlyBeRead = true;
    await database.recover();
    expect(database.isReadOnly).toBe(true);
    file.mayOnlyBeRead = false;
    await database.recover();
    expect(database.isReadOnly).toBe(false);
    expect(file.notes).toEqual(['open read-only', 'close read-only', 'open fails', 'open read-only', 'close read-only', 'open writable']);
  });

  it('is not closed twice when the program ends before it could be opened again', async () => {
    const file = fileWith('read-only', 'fails');
    const database = await opened(file);
    file.mayOnlyBeRead = false;
    await expect(database.recover()).rejects.toThrow('held by another program');
    await database.close();
    expect(file.notes.filter((note) => note.startsWith('close'))).toEqual(['close read-only']);
  });
});
