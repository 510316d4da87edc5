import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { newFolder, spawnGateway, startGateway } from '../support/gateway.js';
import { aChannel, manyLogRows, writeOriginal } from '../support/original-database.js';

const row = rowFor('anthropic', false);
const folders: string[] = [];
const upstreams: FakeUpstream[] = [];
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

const upstreamThatSays = async (answer: string): Promise<string> => {
  const upstream = await startUpstream([row.answers(answer)]);
  upstreams.push(upstream);
  return upstream.url;
};

const folderWith = async (rows: Parameters<typeof writeOriginal>[1]): Promise<string> => {
  const folder = newFolder();
  folders.push(folder);
  await writeOriginal(join(folder, 'ccload.db'), rows);
  return folder;
};

describe('a gateway that is started on a database of the original ccLoad', () => {
  it('says so, serves its channels where their turn was, shows its log, and is an ordinary one from then on', async () => {
    const channels = [];
    for (const name of ['a', 'b', 'b']) channels.push({ ...aChannel, name, url: await upstreamThatSays(`answer of ${channels.length + 1}`), models: '["m"]' });
    const folder = await folderWith({ channels, rr: [{ key: 'm|10', idx: 2 }], then: [manyLogRows(500, Math.floor(Date.now() / 1_000))] });

    const gateway = await startGateway({ folder });
    const { output } = gateway.process;
    const answers = [await call(gateway, row, 'm'), await call(gateway, row, 'm')];
    const names = (await gateway.admin.channels()).map(({ name }) => name);
    const logged = await gateway.admin.logRows('limit=1000');
    gateway.process.signal('SIGTERM');
    await gateway.process.exitCode();
    const again = spawnGateway({ folder });
    await again.port();
    again.signal('SIGTERM');
    await again.exitCode();

    expect(output).toMatch(/ccload\.db is one of the original ccLoad and is taken over\.[^]*Taken over: 3 channels, 0 cooldowns, 1 round-robin pointer, 500 log rows\.[^]*listening/);
    expect(output).toContain('channel 3 is now "b3"');
    expect(answers.map(({ text }) => text)).toEqual([row.answerText('answer of 3'), row.answerText('answer of 1')]);
    expect(names).toEqual(['a', 'b', 'b3']);
    expect(logged.filter(({ path }) => path === '')).toHaveLength(500);
    expect(again.output).not.toContain('original');
  });
});
