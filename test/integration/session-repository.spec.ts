import { describe, expect, it } from '@jest/globals';
import { withDatabase } from '../support/temporary-database.js';

describe('the session table', () => {
  it('reads what was written last', () =>
    withDatabase(async (database) => {
      const sessions = database.remote('sessions');
      await sessions.write('s', 'one', 100);
      await sessions.write('s', 'two', 200);
      expect(await sessions.read('s', 150)).toBe('two');
    }));

  it('reads nothing unknown, expired or destroyed', () =>
    withDatabase(async (database) => {
      const sessions = database.remote('sessions');
      await sessions.write('s', 'one', 100);
      expect(await sessions.read('t', 50)).toBeUndefined();
      expect(await sessions.read('s', 100)).toBeUndefined();
      await sessions.destroy('s');
      await sessions.destroy('s');
      expect(await sessions.read('s', 50)).toBeUndefined();
    }));

  it('deletes expired sessions in steps and leaves the others', () =>
    withDatabase(async (database) => {
      const sessions = database.remote('sessions');
      for (const expiresAt of [1, 2, 3, 50]) await sessions.write(`s${expiresAt}`, '', expiresAt);
      expect(await sessions.deleteExpired(10, 2)).toBe(2);
      expect(await sessions.deleteExpired(10, 2)).toBe(1);
      expect(await sessions.deleteExpired(10, 2)).toBe(0);
      expect(await sessions.read('s50', 10)).toBe('');
    }));

  it('can log everybody out', () =>
    withDatabase(async (database) => {
      const sessions = database.remote('sessions');
      await sessions.write('s', '', 100);
      await sessions.write('t', '', 100);
      await sessions.destroyAll();
      expect([await sessions.read('s', 1), await sessions.read('t', 1)]).toEqual([undefined, undefined]);
    }));
});

describe('a setting', () => {
  it('is the first candidate for good', () =>
    withDatabase(async (database) => {
      const settings = database.remote('settings');
      expect(await settings.valueOrInsert('secret', 'first')).toBe('first');
      expect(await settings.valueOrInsert('secret', 'second')).toBe('first');
      expect(await settings.valueOrInsert('other', 'third')).toBe('third');
    }));
});
