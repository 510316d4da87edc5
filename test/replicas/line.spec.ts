import { expect, it } from '@jest/globals';
import { Database } from '../../src/database/database.js';
import type { News } from '../../src/domain/news.js';
import { SharedLine } from '../../src/replicas/shared-line.js';
import { describePostgres, newServerDatabase, onServer } from '../support/postgres-server.js';
import { until } from '../support/until.js';

interface Listening {
  readonly line: SharedLine;
  readonly heard: News[];
  missed: number;
}

const listeningOn = (database: Database): Listening => {
  const way = database.line;
  if (way === undefined) throw new Error('a server has a line');
  const listening: Listening = { line: new SharedLine(way, way.textBytesMax), heard: [], missed: 0 };
  listening.line.listen({ hear: (news) => listening.heard.push(news), missed: () => (listening.missed += 1) });
  return listening;
};

const withTwo = async (use: (one: Listening, other: Listening, url: string) => Promise<void>): Promise<void> => {
  const url = await newServerDatabase();
  const databases = [await Database.inline({ url }), await Database.inline({ url })] as const;
  const [one, other] = [listeningOn(databases[0]), listeningOn(databases[1])];
  try {
    await until('both lines to be open', () => (one.missed > 0 && other.missed > 0 ? true : undefined));
    await use(one, other, url);
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
};

const channels: News = { kind: 'channels' };

describePostgres('the line between replicas on PostgreSQL', () => {
  it('carries news to the others within a moment', () =>
    withTwo(async (one, other) => {
      one.line.publish(channels);
      await until('the news', () => (other.heard.length > 0 ? true : undefined));
      expect([one.heard, other.heard]).toEqual([[], [channels]]);
    }));

  it('is made again when it breaks, and says on both sides that something may have been missed', () =>
    withTwo(async (one, other, url) => {
      const before = [one.missed, other.missed];
      await onServer(url, (client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query LIKE '%pg_notify%' AND pid <> pg_backend_pid()`));
      await until('both to have been told', () => (one.missed > (before[0] ?? 0) && other.missed > (before[1] ?? 0) ? true : undefined));
      one.heard.length = 0;
      other.line.publish(channels);
      await until('news on the new line', () => (one.heard.length > 0 ? true : undefined));
    }));

  it('is not heard in another schema of the same database', async () => {
    const [url, elsewhere] = [await newServerDatabase(), await newServerDatabase()];
    const databases = [await Database.inline({ url }), await Database.inline({ url }), await Database.inline({ url: elsewhere })] as const;
    const [one, other, stranger] = [listeningOn(databases[0]), listeningOn(databases[1]), listeningOn(databases[2])];
    await until('all lines to be open', () => (one.missed > 0 && other.missed > 0 && stranger.missed > 0 ? true : undefined));
    one.line.publish(channels);
    await until('the news', () => (other.heard.length > 0 ? true : undefined));
    expect(stranger.heard).toEqual([]);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('loses nothing of many news, and keeps their order', () =>
    withTwo(async (one, other) => {
      const news = Array.from({ length: 2_000 }, (_, channelId): News => ({ kind: 'probe', channelId, model: 'model '.repeat(20), isRunning: true }));
      for (const each of news) one.line.publish(each);
      await until('all of it', () => (other.heard.length === news.length ? true : undefined));
      expect(other.heard).toEqual(news);
    }));
});
