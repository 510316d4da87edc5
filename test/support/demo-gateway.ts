import { join } from 'node:path';
import { Database } from '../../src/database/database.js';
import type { EpochMs } from '../../src/domain/time.js';
import { demoChannels } from './demo-channels.js';
import { demoTraffic } from './demo-traffic.js';
import { open } from './client.js';
import { clientToken, newFolder, startGateway, type Gateway } from './gateway.js';
import { openSse, type Script } from './script.js';

const rowsPerBatch = 2_000;

const seedChannels = async (database: Database, now: EpochMs): Promise<void> => {
  const channels = database.remote('channels');
  for (const { id, name, url, models, priority, enabled } of demoChannels) {
    const stored = await channels.insert({ name, url, models, priority, enabled, apiKey: `sk-demo-key-of-channel-${id}-0123456789` }, now);
    if (stored === 'name-taken' || stored.id !== id) throw new Error(`expected demo channel ${id} to get this id, got ${JSON.stringify(stored)}`);
  }
};

const seedCooldowns = (database: Database, now: EpochMs): Promise<unknown> =>
  database.remote('cooldowns').apply(
    demoChannels.flatMap(({ id, cooling }) =>
      cooling === undefined ? [] : [{ channelId: id, model: undefined, cooldown: { until: now + cooling.ms, durationMs: cooling.ms, since: now, reason: cooling.reason, proven: false } }],
    ),
  );

/** Fills a new database with the demo: channels, a cooldown, a week of log rows. */
export const seedDemoDatabase = async (path: string, now: EpochMs): Promise<void> => {
  const database = await Database.inline({ path });
  try {
    await seedChannels(database, now);
    await seedCooldowns(database, now);
    const rows = demoTraffic(now);
    for (let at = 0; at < rows.length; at += rowsPerBatch) await database.remote('logs').append(rows.slice(at, at + rowsPerBatch));
  } finally {
    await database.close();
  }
};

/** A gateway as it looks after a week of work: for pictures, and for pages that want something to show. */
export const startDemoGateway = async (): Promise<Gateway> => {
  const folder = newFolder();
  await seedDemoDatabase(join(folder, 'ccload.db'), Date.now());
  return startGateway({ folder });
};

const liveModel = 'qwen3-coder';
const liveMsMax = 300_000;

const event = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** About so many bytes of an answer that goes on. */
const begunAnswer = (bytes: number): Script =>
  openSse([
    event('message_start', { message: { id: 'msg_demo', type: 'message', role: 'assistant', content: [] } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x'.repeat(bytes) } }),
  ]).stall();

/** Leaves so many requests under way, through a channel of their own. Returns how to end them. */
export const startLiveCalls = async (gateway: Gateway, count: number): Promise<() => void> => {
  let asked = 0;
  const upstream = await gateway.upstreamThat(() => begunAnswer(9_000 * (asked += 1)));
  await gateway.admin.addChannel({ name: 'gpu-in-the-office', url: upstream.url, models: [liveModel], priority: 5 });
  const headers = [['authorization', `Bearer ${clientToken}`], ['content-type', 'application/json']] as const;
  const body = JSON.stringify({ model: liveModel, stream: true, messages: [] });
  const calls = Array.from({ length: count }, () => open(gateway.port, { path: '/v1/messages', headers, body }, liveMsMax));
  for (const call of calls) call.answer.catch(() => undefined);
  return () => { for (const call of calls) call.leave(); };
};
