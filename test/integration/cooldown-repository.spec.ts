import { describe, expect, it } from '@jest/globals';
import type { CooldownChange } from '../../src/cooldown/stored-cooldown.js';
import type { Database } from '../../src/database/database.js';
import { withDatabase } from '../support/temporary-database.js';

const cooldown = { until: 5_000, durationMs: 1_000, since: 4_000, reason: 'rate limit', proven: false };
const change = (channelId: number, model?: string, changed: Partial<CooldownChange> = {}): CooldownChange => ({
  channelId,
  model,
  cooldown,
  ...changed,
});

const addChannel = async (database: Database, name: string): Promise<void> => {
  const draft = { name, apiKey: 'k', url: 'https://api.example.com', models: ['m'], priority: 0, enabled: true };
  await database.remote('channels').insert(draft, 1);
};

describe('the cooldown tables', () => {
  it('give back cooldowns of channels and of pairs', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      await database.remote('cooldowns').apply([change(1), change(1, 'm'), change(1, 'n')]);
      const stored = await database.remote('cooldowns').all();
      expect(stored).toEqual([
        { channelId: 1, model: undefined, cooldown },
        { channelId: 1, model: 'm', cooldown },
        { channelId: 1, model: 'n', cooldown },
      ]);
    }));

  it('replace what they have and remove what has ended', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      const cooldowns = database.remote('cooldowns');
      await cooldowns.apply([change(1), change(1, 'm'), change(1, 'n')]);
      const longer = { ...cooldown, until: 9_000, durationMs: 2_000, reason: 'status 500' };
      await cooldowns.apply([
        change(1, undefined, { cooldown: longer }),
        change(1, 'm', { cooldown: undefined }),
      ]);
      expect(await cooldowns.all()).toEqual([
        { channelId: 1, model: undefined, cooldown: longer },
        { channelId: 1, model: 'n', cooldown },
      ]);
    }));

  it('keep the place of a cooldown, so that a lift which does not reach it leaves it where it is', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      const cooldowns = database.remote('cooldowns');
      await cooldowns.apply([change(1, undefined, { cooldown: { ...cooldown, place: 9_000 } })]);
      await cooldowns.apply([change(1, undefined, { cooldown: undefined, liftedAt: 8_999 })]);
      expect(await cooldowns.all()).toEqual([{ channelId: 1, model: undefined, cooldown: { ...cooldown, since: 9_000 } }]);
      await cooldowns.apply([change(1, undefined, { cooldown: undefined, liftedAt: 9_000 })]);
      expect(await cooldowns.all()).toEqual([]);
    }));

  it('skip a channel that is gone and store the others', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      const cooldowns = database.remote('cooldowns');
      await cooldowns.apply([change(99), change(99, 'm'), change(98, 'm', { cooldown: undefined }), change(1, 'm')]);
      expect(await cooldowns.all()).toEqual([{ channelId: 1, model: 'm', cooldown }]);
    }));

  it('lose the cooldowns of a channel with the channel', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      await addChannel(database, 'b');
      await database.remote('cooldowns').apply([change(1), change(1, 'm'), change(2)]);
      await database.remote('channels').delete(1);
      expect(await database.remote('cooldowns').all()).toEqual([{ channelId: 2, model: undefined, cooldown }]);
    }));

  it('take more changes at once than one statement holds', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      await database.remote('cooldowns').apply(Array.from({ length: 1_201 }, (_, at) => change(1, `m${at}`)));
      expect(await database.remote('cooldowns').all()).toHaveLength(1_201);
    }));

  it('keep everything as it was when one change cannot be stored', () =>
    withDatabase(async (database) => {
      await addChannel(database, 'a');
      const cooldowns = database.remote('cooldowns');
      const unstorable = change(1, 'm', { cooldown: { ...cooldown, until: Number.NaN } });
      await expect(cooldowns.apply([change(1), unstorable])).rejects.toThrow(/cooldowns\.apply/);
      expect(await cooldowns.all()).toEqual([]);
    }));
});

describe('the rotation table', () => {
  it('keeps one position per model and priority', () =>
    withDatabase(async (database) => {
      const rotation = database.remote('rotation');
      await rotation.apply([
        { model: 'm', priority: 1, position: 3 },
        { model: 'm', priority: 2, position: 0 },
      ]);
      await rotation.apply([{ model: 'm', priority: 1, position: 4 }]);
      expect(await rotation.all()).toEqual([
        { model: 'm', priority: 1, position: 4 },
        { model: 'm', priority: 2, position: 0 },
      ]);
    }));

  it('does nothing for no positions', () =>
    withDatabase(async (database) => {
      await database.remote('rotation').apply([]);
      expect(await database.remote('rotation').all()).toEqual([]);
    }));
});
