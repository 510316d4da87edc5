import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigService } from '@nestjs/config';
import { ChannelSnapshot } from '../../src/channels/channel-snapshot.js';
import { LineAlone } from '../../src/replicas/line-alone.js';
import { LiveChannels } from '../../src/channels/live-channels.js';
import type { Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.js';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccload-'));
  database = await Database.inline({ path: join(folder, 'ccload.db') });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const liveChannels = (snapshot: ChannelSnapshot, allowLinkLocal = false): LiveChannels =>
  new LiveChannels(database, snapshot, new ConfigService<Config, true>({ allowLinkLocal }), new LineAlone());

const usable = { name: 'usable', apiKey: 'k', url: 'https://api.example.com', models: ['m'], priority: 0, enabled: true };

describe('a stored channel that cannot be used', () => {
  it.each([
    ['a URL that is none', { url: 'api.example.com' }],
    ['credentials in its URL', { url: 'https://user:secret@api.example.com' }],
    ['an address that is not allowed', { url: 'http://169.254.169.254/latest' }],
    ['a key with a line break', { apiKey: 'sk-one\nsk-two' }],
    ['a key that is no header value', { apiKey: '密钥' }],
    ['no key', { apiKey: '' }],
  ])('(%s) is left out of what serves requests, and keeps nobody else from it', async (_what, fault) => {
    const channels = database.remote('channels');
    await channels.insert({ ...usable, ...fault, name: 'faulty' }, 1);
    await channels.insert(usable, 2);
    const snapshot = new ChannelSnapshot();

    await liveChannels(snapshot).refresh();

    expect([...snapshot.catalog.enabledChannels.values()].map(({ name }) => name)).toEqual(['usable']);
    expect(snapshot.all.map(({ name }) => name).sort()).toEqual(['faulty', 'usable']);
  });

  it('serves again once its address is allowed', async () => {
    await database.remote('channels').insert({ ...usable, url: 'http://169.254.169.254' }, 1);
    const snapshot = new ChannelSnapshot();

    await liveChannels(snapshot, true).refresh();

    expect(snapshot.catalog.enabledChannels.size).toBe(1);
  });
});
