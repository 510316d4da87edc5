import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Database } from '../../src/database/database.js';
import { postgresOptions } from '../../src/database/postgres/postgres-options.js';
import { StorageError } from '../../src/domain/storage-problem.js';
import { hourMs } from '../../src/domain/time.js';
import { attemptRecord } from '../support/attempt-record.js';
import { closedPort } from '../support/fake-upstream.js';
import { describePostgres, newServerDatabase, onServer } from '../support/postgres-server.js';
import { until } from '../support/until.js';

const draft = { name: 'a', apiKey: 'sk-1', url: 'https://a.example.com', models: ['m'], priority: 0, enabled: true };
const begin = 1_795_000_000_000 - (1_795_000_000_000 % hourMs);

const withReplicas = async (count: number, use: (replicas: readonly Database[], url: string) => Promise<void>): Promise<void> => {
  const url = await newServerDatabase();
  const replicas = await Promise.all(Array.from({ length: count }, () => Database.inline({ url })));
  await use(replicas, url).finally(() => Promise.all(replicas.map((replica) => replica.close())));
};

/** The same server with another part in its URL. */
const changed = (url: string, change: (url: URL) => void): string => {
  const copy = new URL(url);
  change(copy);
  return copy.href;
};

describePostgres('opening a PostgreSQL database', () => {
  it('makes its tables once, however many start at the same time', () =>
    withReplicas(5, async (replicas, url) => {
      await replicas[0]?.remote('channels').insert(draft, begin);
      expect(await Promise.all(replicas.map(async (replica) => (await replica.remote('channels').all()).length))).toEqual([1, 1, 1, 1, 1]);
      const { rows } = await onServer(url, (client) => client.query('SELECT name, COUNT(*) FROM migrations GROUP BY name HAVING COUNT(*) > 1'));
      expect(rows).toEqual([]);
    }));

  it("refuses a database with somebody else's tables, and leaves it untouched", async () => {
    const url = await newServerDatabase();
    await onServer(url, (client) => client.query('CREATE TABLE invoices (id int)'));
    await expect(Database.inline({ url })).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:\d+\/\w+ holds tables that are not ccLoad's \(invoices\); it was left untouched/);
  });

  it("refuses one with somebody else's migrations", async () => {
    const url = await newServerDatabase();
    await onServer(url, (client) => client.query('CREATE TABLE migrations (version int)'));
    await expect(Database.inline({ url })).rejects.toThrow("holds tables that are not ccLoad's (migrations); it was left untouched");
  });

  it('refuses one that a newer ccLoad has changed', async () => {
    const url = await newServerDatabase();
    await (await Database.inline({ url })).close();
    await onServer(url, (client) => client.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`));
    await expect(Database.inline({ url })).rejects.toThrow(/newer ccLoad.*Later9999999999999/);
  });

  it('refuses one whose keys were sealed with another secret, and seals what lies open', async () => {
    const url = await newServerDatabase();
    const open = await Database.inline({ url });
    await open.remote('channels').insert(draft, begin);
    await open.close();
    const sealed = await Database.inline({ url, secrets: { current: 'a long passphrase', previous: undefined } });
    expect((await sealed.remote('channels').all())[0]?.keys[0]?.secret).toBe('sk-1');
    await sealed.close();
    const { rows } = await onServer(url, (client) => client.query<{ api_key: string }>('SELECT api_key FROM channels'));
    expect(rows[0]?.api_key).toMatch(/^sealed /);
    await expect(Database.inline({ url, secrets: { current: 'another passphrase', previous: undefined } })).rejects.toThrow(/sealed with another secret/);
  });

  it('says that the database is not there, and no secret', async () => {
    const url = changed(await newServerDatabase(), (copy) => {
      copy.pathname = '/nowhere';
      copy.password = 'nobody-may-see';
    });
    const refusal = await Database.inline({ url }).catch(String);
    expect(refusal).toMatch(/PostgreSQL at 127\.0\.0\.1:\d+\/nowhere has no such database/);
    expect(refusal).not.toContain('nobody-may-see');
  });

  it('waits for a server that is not there yet, and gives up with a sentence', async () => {
    const port = await closedPort();
    const url = `postgres://ccload:nobody-may-see@127.0.0.1:${port}/ccload`;
    const told: string[] = [];
    const opening = Database.inline({ url, patienceMs: 100, tell: ({ sentence }) => told.push(sentence) });
    const refusal = await opening.then(() => 'opened', String);
    expect(told).toEqual([expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:\d+\/ccload does not answer yet \(.*ECONNREFUSED.*\); waiting up to 0\.1 s for it\.$/)]);
    expect(refusal).toMatch(/DatabaseRefusal: PostgreSQL at 127\.0\.0\.1:\d+\/ccload cannot be used: .*ECONNREFUSED/);
    expect([refusal, ...told].join()).not.toContain('nobody-may-see');
  });

  it('commits durably only where that was promised', async () => {
    const url = await newServerDatabase();
    const settings = await Promise.all(
      (['lax', 'durable', 'reading'] as const).map(async (use) => {
        const dataSource = await new DataSource(postgresOptions(url, use)).initialize();
        const rows: unknown = await dataSource.query(`SELECT current_setting('synchronous_commit') AS commit, current_setting('default_transaction_read_only') AS "readOnly"`);
        await dataSource.destroy();
        return rows;
      }),
    );
    expect(settings).toEqual([[{ commit: 'off', readOnly: 'off' }], [{ commit: 'on', readOnly: 'off' }], [{ commit: 'on', readOnly: 'on' }]]);
  });
});

describePostgres('values that PostgreSQL would refuse', () => {
  it('are stored as near as it can: NUL in a text, numbers beyond 32 bits, microseconds', () =>
    withReplicas(1, async ([database]) => {
      const logs = database?.remote('logs');
      const tokens = { inputTokens: 2 ** 53 - 1, outputTokens: 3e9, cacheReadTokens: 0, cacheCreationTokens: 0 };
      await logs?.append([attemptRecord({ time: begin, model: 'a\0b', message: 'half \ud800', durationMs: 1_234_567.891, usage: tokens })]);
      const page = await logs?.page({ since: begin, limit: 10, offset: 0, model: 'a\0b' });
      expect(page).toMatchObject({ count: 1, rows: [{ model: 'a\ufffdb', message: 'half \ufffd', durationMs: 1_234_567.891, usage: tokens }] });
    }));
});

describePostgres('several writers of one log', () => {
  it('store every row once, and every row is counted once while they do', () =>
    withReplicas(3, async (replicas) => {
      const batches = 30;
      const rows = 20;
      const writing = replicas.map(async (replica, who) => {
        for (let batch = 0; batch < batches; batch += 1) {
          const records = Array.from({ length: rows }, (_, at) => attemptRecord({ time: begin + at, channelId: who + 1, model: `m${at % 3}` }));
          await replica.remote('logs').append(records);
        }
      });
      let isDone = false;
      const counting = replicas.map(async (replica) => {
        for (let step = 0; !isDone || step === 0; step += 1) await replica.remote('trends').rollUp(37);
      });
      await Promise.all(writing);
      isDone = true;
      await Promise.all(counting);
      const [first] = replicas;
      while ((await first?.remote('trends').rollUp(1_000))?.rows !== 0);
      const kinds = (await first?.remote('stats').kinds(begin)) ?? [];
      expect(kinds.reduce((sum, { success }) => sum + success, 0)).toBe(replicas.length * batches * rows);
      expect((await first?.remote('logs').page({ since: begin, limit: 1, offset: 0 }))?.count).toBe(replicas.length * batches * rows);
    }));

  it('are answered completely by whoever asks in the middle', () =>
    withReplicas(2, async ([writer, reader]) => {
      let isDone = false;
      const counts: number[] = [];
      const watching = (async () => {
        while (!isDone) {
          const kinds = (await reader?.remote('stats').kinds(begin)) ?? [];
          counts.push(kinds.reduce((sum, { success }) => sum + success, 0));
          await reader?.remote('trends').rollUp(7);
        }
      })();
      for (let batch = 0; batch < 40; batch += 1) await writer?.remote('logs').append(Array.from({ length: 5 }, () => attemptRecord({ time: begin })));
      isDone = true;
      await watching;
      expect(counts.filter((count) => count % 5 !== 0)).toEqual([]);
      expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    }));
});

describePostgres('a lost connection', () => {
  const cutAll = (url: string): Promise<unknown> =>
    onServer(url, (client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ccload' AND datname = current_database()`));

  it('costs at most the calls of that moment, which say that the server cannot be reached', () =>
    withReplicas(1, async ([database], url) => {
      await cutAll(url);
      const stored = await until('a channel to be stored', async () => {
        try {
          return await database?.remote('channels').insert(draft, begin);
        } catch (error) {
          expect(error).toMatchObject({ name: 'StorageError', problem: 'unreachable' });
          expect(error).toBeInstanceOf(StorageError);
          return undefined;
        }
      });
      expect(stored).toMatchObject({ name: 'a' });
    }));
});

describePostgres('cooldowns that two replicas write', () => {
  const cooldown = { until: begin + 9_000, durationMs: 1_000, since: begin + 5, reason: 'status 500', proven: false };

  it('are the newer ones, whoever writes last', () =>
    withReplicas(2, async ([one, other]) => {
      await one?.remote('channels').insert(draft, begin);
      const older = { ...cooldown, since: begin + 4, until: begin + 20_000 };
      await one?.remote('cooldowns').apply([{ channelId: 1, model: undefined, cooldown }]);
      await other?.remote('cooldowns').apply([{ channelId: 1, model: undefined, cooldown: older }]);
      await other?.remote('cooldowns').apply([{ channelId: 1, model: undefined, cooldown: undefined, liftedAt: older.since }]);
      expect(await one?.remote('cooldowns').all()).toEqual([{ channelId: 1, model: undefined, cooldown }]);
      await other?.remote('cooldowns').apply([{ channelId: 1, model: undefined, cooldown: undefined, liftedAt: cooldown.since }]);
      expect(await one?.remote('cooldowns').all()).toEqual([]);
    }));

  it('and pointers, many at once, never stand in each other\'s way', () =>
    withReplicas(3, async (replicas) => {
      for (let index = 0; index < 20; index += 1) await replicas[0]?.remote('channels').insert({ ...draft, name: `c${index}` }, begin);
      const changes = Array.from({ length: 20 }, (_, index) => ({ channelId: index + 1, model: 'm', cooldown }));
      const positions = Array.from({ length: 20 }, (_, index) => ({ model: `m${index}`, priority: 0, position: index }));
      const work = replicas.map(async (replica, who) => {
        for (let round = 0; round < 10; round += 1) {
          await replica.remote('cooldowns').apply(who === 1 ? [...changes].reverse() : changes);
          await replica.remote('rotation').apply(who === 1 ? [...positions].reverse() : positions);
        }
      });
      await Promise.all(work);
      expect(await replicas[0]?.remote('rotation').all()).toHaveLength(20);
    }));
});

describePostgres('a channel that two replicas change at the same time', () => {
  it('takes one of the changes, and the other one is told that it came too late', () =>
    withReplicas(4, async (replicas) => {
      const channel = await replicas[0]?.remote('channels').insert(draft, begin);
      if (channel === undefined || channel === 'name-taken') throw new Error('expected a channel');
      const outcomes = await Promise.all(
        replicas.map((replica, priority) =>
          replica.remote('channels').update(channel.id, { priority }, { now: begin, expectedUpdatedAt: channel.updatedAt }),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'stale')).toHaveLength(replicas.length - 1);
    }));
});
