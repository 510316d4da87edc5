import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '../support/call.js';
import { send, type Answer } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import { newFolder, spawnGateway, startGateway, type Gateway } from '../support/gateway.js';
import { mountSmallDisk, noSmallDisksBecause, type SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const reason = noSmallDisksBecause();
if (reason !== undefined) process.stderr.write(`Full and read-only disks are not tested, because no small one can be mounted here: ${reason}\n`);
const withDisk = reason === undefined ? describe : describe.skip;

const diskBytes = 1_500_000;
const row = rowFor('anthropic', false);
/** Longer than any wait of the program here. */
const patienceMs = 15_000;

const gateways: Gateway[] = [];
const disks: SmallDisk[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.end();
  for (const disk of disks.splice(0)) disk.remove();
});

const newDisk = (): SmallDisk => {
  const disk = mountSmallDisk(diskBytes);
  disks.push(disk);
  return disk;
};

const startOn = async (databaseFolder: string): Promise<Gateway> => {
  const gateway = await startGateway({ env: { SQLITE_PATH: join(databaseFolder, 'ccload.db') } });
  gateways.push(gateway);
  return gateway;
};

const ready = (gateway: Gateway): Promise<Answer> => send(gateway.port, { method: 'GET', path: '/ready' });

const readyText = async (gateway: Gateway, text: string): Promise<void> => {
  await until(`/ready to say ${text}`, async () => ((await ready(gateway)).text.includes(text) ? true : undefined), patienceMs);
};

/** Calls until the log notices that it cannot be written, and some more; returns how many were made. */
const callUntilNoticed = async (gateway: Gateway, model: string, problem: string): Promise<number> => {
  let calls = 0;
  await until('the gateway to notice', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(gateway, row, model)));
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
    calls += answers.length;
    return (await ready(gateway)).text.includes(problem) ? true : undefined;
  }, patienceMs);
  return calls;
};

const finalRows = async (gateway: Gateway, model: string, count: number): Promise<void> => {
  await until(`${count} rows in the log`, async () => {
    const answer = await gateway.admin.request('GET', `/admin/logs?model=${model}&limit=1`);
    return answer.status === 200 && JSON.parse(answer.text).count >= count ? true : undefined;
  }, patienceMs);
};

const stopProperly = async (gateway: Gateway): Promise<void> => {
  gateway.process.signal('SIGTERM');
  expect(await gateway.process.exitCode(patienceMs)).toBe(0);
};

/** How a start ends that is to be refused, and what it said. */
const refusalOn = async (disk: SmallDisk): Promise<readonly [code: number | undefined, output: string]> => {
  const refused = spawnGateway({ env: { SQLITE_PATH: join(disk.folder, 'ccload.db') } });
  const code = await refused.exitCode(patienceMs);
  rmSync(refused.folder, { recursive: true, force: true });
  return [code, refused.output];
};

const another = { name: 'another', url: 'https://a.example.com', api_key: 'sk-another', models: ['m'] };

withDisk('a disk that is full', () => {
  it('stops no call, is told in words, and is forgotten as soon as there is room', async () => {
    const disk = newDisk();
    const gateway = await startOn(disk.folder);
    const upstream = await gateway.upstream(row.answers('x'));
    const { model } = await gateway.serve(upstream.url);
    disk.fill();
    const calls = await callUntilNoticed(gateway, model, 'disk of the database is full');

    const refused = await gateway.admin.request('POST', '/admin/channels', another);
    const report = JSON.parse((await gateway.admin.request('GET', '/admin/health')).text).data;
    expect(await ready(gateway)).toMatchObject({ status: 200, text: '{"status":"ready","problem":"nothing can be stored: the disk of the database is full"}' });
    expect(refused).toMatchObject({ status: 507, text: expect.stringContaining('the database cannot do this now: the disk of the database is full') });
    expect(report.storage).toMatchObject({ problem: 'disk-full', rows_waiting: expect.any(Number), rows_dropped: 0 });

    disk.free();
    await finalRows(gateway, model, calls);
    await readyText(gateway, '{"status":"ready"}');
    expect((await gateway.admin.request('POST', '/admin/channels', another)).status).toBe(201);
    expect(gateway.process.output).toMatch(/Nothing can be stored: the disk of the database is full[^]*The database takes changes again/);
  }, 60_000);

  it('keeps nobody from starting again after a crash, and from logging in to see it', async () => {
    const disk = newDisk();
    const first = await startOn(disk.folder);
    const upstream = await first.upstream(row.answers('x'));
    const { model } = await first.serve(upstream.url);
    disk.fill();
    first.process.signal('SIGKILL');
    await first.process.exitCode();
    const second = await startOn(disk.folder);
    expect((await call(second, row, model)).status).toBe(200);
    expect((await second.admin.request('GET', '/admin/health')).status).toBe(200);
    await readyText(second, 'disk of the database is full');
    disk.free();
    await readyText(second, '{"status":"ready"}');
  }, 60_000);

  it('keeps nobody from starting again after a proper stop, as often as it is stopped', async () => {
    const disk = newDisk();
    const first = await startOn(disk.folder);
    const upstream = await first.upstream(row.answers('x'));
    const { model } = await first.serve(upstream.url);
    await stopProperly(first);
    for (let start = 1; start <= 2; start++) {
      disk.fill();
      const again = await startOn(disk.folder);
      expect((await call(again, row, model)).status).toBe(200);
      await readyText(again, 'disk of the database is full');
      await stopProperly(again);
    }
    disk.free();
    await readyText(await startOn(disk.folder), '{"status":"ready"}');
  }, 120_000);
});

describe('a disk that refuses to be written to', () => {
  /** The kernel refuses every byte beyond the limit, as a failing disk would; `unlimited` mends it. */
  const limitFileBytes = (gateway: Gateway, limit: string): void => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(gateway.process.pid), `--fsize=${limit}`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  };

  it('stops no call, and logging resumes by itself', async () => {
    const folder = newFolder();
    const gateway = await startOn(folder);
    const upstream = await gateway.upstream(row.answers('x'));
    const { model } = await gateway.serve(upstream.url);
    limitFileBytes(gateway, '0:unlimited');
    const calls = await callUntilNoticed(gateway, model, 'does not let itself be read or written');
    const refused = await gateway.admin.request('POST', '/admin/channels', another);
    limitFileBytes(gateway, 'unlimited:unlimited');
    await finalRows(gateway, model, calls);
    await readyText(gateway, '{"status":"ready"}');
    rmSync(folder, { recursive: true, force: true });
    expect(refused).toMatchObject({ status: 503, text: expect.stringContaining('the database cannot do this now') });
  }, 60_000);
});

withDisk('a database that may only be read', () => {
  const ends = [
    { how: 'a proper stop', end: stopProperly },
    {
      how: 'a crash',
      end: async (gateway: Gateway) => {
        gateway.process.signal('SIGKILL');
        await gateway.process.exitCode();
      },
    },
  ];

  it.each(ends)('keeps nobody from starting again after $how, is told in words, and is forgotten as soon as it may be written to', async ({ end }) => {
    const disk = newDisk();
    const first = await startOn(disk.folder);
    const upstream = await first.upstream(row.answers('x'));
    const { model } = await first.serve(upstream.url);
    expect((await call(first, row, model)).status).toBe(200);
    await finalRows(first, model, 1);
    await end(first);
    disk.makeReadOnly();

    const second = await startOn(disk.folder);
    await readyText(second, 'database may not be written to');
    const calls = await callUntilNoticed(second, model, 'database may not be written to');
    const refused = await second.admin.request('POST', '/admin/channels', another);
    const report = JSON.parse((await second.admin.request('GET', '/admin/health')).text).data;
    const log = JSON.parse((await second.admin.request('GET', `/admin/logs?model=${model}`)).text);
    expect(await ready(second)).toMatchObject({ status: 200, text: '{"status":"ready","problem":"nothing can be stored: the database may not be written to"}' });
    expect(refused).toMatchObject({ status: 503, text: expect.stringContaining('the database cannot do this now: the database may not be written to') });
    expect(report.storage).toMatchObject({ problem: 'read-only', rows_waiting: expect.any(Number), rows_dropped: 0 });
    expect(log).toMatchObject({ success: true, count: 1 });

    disk.makeWritable();
    await finalRows(second, model, 1 + calls);
    await readyText(second, '{"status":"ready"}');
    expect((await second.admin.request('POST', '/admin/channels', another)).status).toBe(201);
    expect(second.process.output).toMatch(/Nothing can be stored: the database may not be written to[^]*The database takes changes again/);
    await stopProperly(second);
  }, 60_000);

  it('is refused, in a sentence, where what SQLite needs beside it is missing', async () => {
    const disk = newDisk();
    await stopProperly(await startOn(disk.folder));
    for (const suffix of ['-wal', '-shm']) rmSync(join(disk.folder, `ccload.db${suffix}`));
    disk.makeReadOnly();
    expect(await refusalOn(disk)).toEqual([1, expect.stringContaining('cannot be opened')]);
  }, 60_000);

  it('is not there to be read when there is none: an empty disk that takes no file is refused', async () => {
    const disk = newDisk();
    disk.makeReadOnly();
    expect(await refusalOn(disk)).toEqual([1, expect.stringContaining('read-only')]);
  }, 60_000);
});
