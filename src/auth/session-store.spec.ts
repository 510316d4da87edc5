import { describe, expect, it } from '@jest/globals';
import { Cookie } from 'express-session';
import { StorageError } from '../domain/storage-problem.js';
import { SessionStore, unstoredSessionsMax } from './session-store.js';

/** A store whose table takes nothing, for want of storage or for another reason. */
const storeThatFails = (reason: Error): SessionStore => {
  const refuse = (): Promise<never> => Promise.reject(reason);
  const nothing = async (): Promise<undefined> => undefined;
  return new SessionStore({ read: nothing, write: refuse, destroy: refuse, deleteExpired: refuse, destroyAll: refuse }, 60_000);
};

const opened = (store: SessionStore, id: string): Promise<unknown> =>
  new Promise((resolve) => store.set(id, { cookie: Object.assign(new Cookie(), { maxAge: 60_000 }), operator: true }, resolve));
const found = (store: SessionStore, id: string): Promise<boolean> =>
  new Promise((resolve) => store.get(id, (_error, session) => resolve(session?.operator === true)));
const ended = (store: SessionStore, id: string): Promise<unknown> => new Promise((resolve) => store.destroy(id, resolve));

describe('a session that cannot be stored', () => {
  it('lives in memory while the disk is full, and ends when it is ended', async () => {
    const store = storeThatFails(new StorageError('no', 'disk-full'));
    expect(await opened(store, 'a')).toBeUndefined();
    expect([await found(store, 'a'), await found(store, 'b')]).toEqual([true, false]);
    expect(await ended(store, 'a')).toBeUndefined();
    expect(await found(store, 'a')).toBe(false);
  });

  it('makes room for newer ones at the bound', async () => {
    const store = storeThatFails(new StorageError('no', 'read-only'));
    for (let session = 0; session <= unstoredSessionsMax; session += 1) await opened(store, String(session));
    expect([await found(store, '0'), await found(store, '1'), await found(store, String(unstoredSessionsMax))]).toEqual([false, true, true]);
  });

  it('is refused when something else is wrong', async () => {
    expect(await opened(storeThatFails(new Error('a bug')), 'a')).toEqual(new Error('a bug'));
  });

  it('that is in the table is not called ended while the table cannot forget it', async () => {
    expect(await ended(storeThatFails(new StorageError('no', 'disk-full')), 'a')).toBeInstanceOf(StorageError);
  });
});
