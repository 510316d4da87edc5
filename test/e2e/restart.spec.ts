import { afterAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { newFolder, startGateway, type Gateway } from '../support/gateway.js';
import { json, type Script } from '../support/script.js';

const row = rowFor('anthropic', false);
const folders: string[] = [];
const upstreams: FakeUpstream[] = [];
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

const upstreamOf = async (...scripts: readonly Script[]): Promise<FakeUpstream> => {
  const upstream = await startUpstream(scripts);
  upstreams.push(upstream);
  return upstream;
};

/** Two lives of one gateway, with a proper stop or a kill between them, on the same database. */
const acrossRestart = async <T>(
  signal: 'SIGTERM' | 'SIGKILL',
  before: (gateway: Gateway) => Promise<T>,
  after: (gateway: Gateway, kept: T) => Promise<void>,
): Promise<void> => {
  const folder = newFolder();
  folders.push(folder);
  const first = await startGateway({ folder });
  const kept = await before(first).finally(() => first.process.signal(signal));
  await first.process.exitCode();
  const second = await startGateway({ folder });
  await after(second, kept).finally(() => second.end());
};

describe('a restart', () => {
  it('keeps the channels and what is left of their cooldowns', async () => {
    const limited = json(429, row.errorBody('rate_limit_error', 'slow'), [['retry-after', '60']]);
    const broken = await upstreamOf(json(401, row.errorBody('authentication_error', 'no')));
    const slow = await upstreamOf(limited);
    const healthy = await upstreamOf(row.answers('healthy'));
    await acrossRestart(
      'SIGTERM',
      async (gateway) => {
        const serving = await gateway.serve(broken.url, slow.url, healthy.url);
        expect((await call(gateway, row, serving.model)).header('x-ccload-attempts')).toBe('3');
        return serving;
      },
      async (gateway, { model, ids }) => {
        const remainingMs = (await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0;
        const answer = await call(gateway, row, model);
        expect(answer).toMatchObject({ status: 200, text: row.answerText('healthy') });
        expect(answer.header('x-ccload-attempts')).toBe('1');
        expect(remainingMs).toBeGreaterThan(200_000);
        expect(remainingMs).toBeLessThanOrEqual(330_000);
      },
    );
    expect([broken.requests.length, slow.requests.length]).toEqual([1, 1]);
  });

  it('keeps the turn of the round robin', async () => {
    const three = [await upstreamOf(row.answers('a')), await upstreamOf(row.answers('b')), await upstreamOf(row.answers('c'))];
    await acrossRestart(
      'SIGTERM',
      async (gateway) => {
        for (const { url } of three) await gateway.admin.addChannel({ url, models: ['ring'] });
        expect((await call(gateway, row, 'ring')).text).toBe(row.answerText('a'));
      },
      async (gateway) => {
        expect((await call(gateway, row, 'ring')).text).toBe(row.answerText('b'));
      },
    );
  });

  it('loses no log row of a call that was answered', async () => {
    const upstream = await upstreamOf(row.answers('x'));
    await acrossRestart(
      'SIGTERM',
      async (gateway) => {
        const { model } = await gateway.serve(upstream.url);
        await Promise.all(Array.from({ length: 50 }, () => call(gateway, row, model)));
        return model;
      },
      async (gateway, model) => {
        const records = await gateway.admin.logRows(`model=${model}&limit=100`);
        expect(records.filter((record) => record.final)).toHaveLength(50);
      },
    );
  });

  it('works after a kill: the database opens and the channels are there', async () => {
    const upstream = await upstreamOf(row.answers('x'));
    await acrossRestart(
      'SIGKILL',
      async (gateway) => gateway.serve(upstream.url),
      async (gateway, { model }) => {
        expect((await call(gateway, row, model)).status).toBe(200);
      },
    );
  });
});
