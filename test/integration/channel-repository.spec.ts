import { describe, expect, it } from '@jest/globals';
import type { ChannelDraft } from '../../src/channels/channel-draft.js';
import { withDatabase } from '../support/temporary-database.js';

const draft = (name: string, changes: Partial<ChannelDraft> = {}): ChannelDraft => ({
  name,
  apiKey: `key of ${name}`,
  url: 'https://api.example.com',
  models: ['m1'],
  priority: 0,
  enabled: true,
  ...changes,
});

describe('the channels table', () => {
  it('gives a channel back as it was stored', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      const stored = await channels.insert(draft('a', { models: ['m1', '模型 "2"'], priority: -3, enabled: false }), 1_700_000_000_123);
      expect(stored).toEqual({
        id: 1,
        name: 'a',
        url: 'https://api.example.com',
        keys: [{ id: 1, secret: 'key of a' }],
        models: [{ name: 'm1' }, { name: '模型 "2"' }],
        priority: -3,
        enabled: false,
        createdAt: 1_700_000_000_123,
        updatedAt: 1_700_000_000_123,
      });
      expect(await channels.find(1)).toEqual(stored);
    }));

  it('lists the best priority first, then the older channel', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      for (const [name, priority] of [['low', 1], ['high', 9], ['high too', 9]] as const) {
        await channels.insert(draft(name, { priority }), 1);
      }
      expect((await channels.all()).map(({ name }) => name)).toEqual(['high', 'high too', 'low']);
    }));

  it('says that a name is taken, on insert and on update, and changes nothing', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      await channels.insert(draft('a'), 1);
      await channels.insert(draft('b'), 1);
      expect(await channels.insert(draft('a', { url: 'https://other.example.com' }), 2)).toBe('name-taken');
      expect(await channels.update(2, { name: 'a', priority: 5 }, { now: 2 })).toBe('name-taken');
      expect(await channels.find(2)).toMatchObject({ name: 'b', priority: 0, updatedAt: 1 });
      expect(await channels.all()).toHaveLength(2);
    }));

  it('changes what is named and keeps the rest', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      await channels.insert(draft('a', { models: ['m1', 'm2'] }), 1);
      expect(await channels.update(1, { enabled: false }, { now: 2 })).toMatchObject({
        name: 'a',
        keys: [{ id: 1, secret: 'key of a' }],
        models: [{ name: 'm1' }, { name: 'm2' }],
        enabled: false,
        createdAt: 1,
        updatedAt: 2,
      });
      expect(await channels.update(1, { models: ['m3'] }, { now: 3 })).toMatchObject({ models: [{ name: 'm3' }], enabled: false });
    }));

  it('keeps its own name on an update that repeats it', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      await channels.insert(draft('a'), 1);
      expect(await channels.update(1, draft('a', { priority: 2 }), { now: 2 })).toMatchObject({ name: 'a', priority: 2 });
    }));

  it('knows what it does not know', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      expect(await channels.find(7)).toBeUndefined();
      expect(await channels.update(7, { enabled: true }, { now: 1 })).toBe('unknown');
      expect(await channels.delete(7)).toBe(false);
    }));

  it('never gives the id of a deleted channel to another one', () =>
    withDatabase(async (database) => {
      const channels = database.remote('channels');
      await channels.insert(draft('a'), 1);
      expect(await channels.delete(1)).toBe(true);
      expect(await channels.insert(draft('a'), 2)).toMatchObject({ id: 2 });
    }));

  it('takes quotes and statements in a name for a name', () =>
    withDatabase(async (database) => {
      const name = `'); DROP TABLE channels; --`;
      const channels = database.remote('channels');
      await channels.insert(draft(name), 1);
      expect((await channels.all()).map((channel) => channel.name)).toEqual([name]);
    }));
});
