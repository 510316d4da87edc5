import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { newFolder, spawnGateway, startGateway, type Gateway } from '../support/gateway.js';
import { openSse } from '../support/script.js';
import { binaryFrom, bundleInto, ownFiles, ownFilesServed, ran, type Ended } from '../support/shipped.js';

/* One executable file, made from the built program (5 s) and run in empty folders, where nothing of the repository is. */

const buildMsMax = 120_000;
/** Distributions may build Node without the place for a program; there the file cannot be made. */
const canBeMade = readFileSync(process.execPath).includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2');
const describeWhere = canBeMade ? describe : describe.skip;

const scratch = newFolder();
const file = join(scratch, 'ccload');
const cache = join(scratch, 'cache');
const env = { XDG_CACHE_HOME: cache };
const run = (...args: readonly string[]): Promise<Ended> => ran([file, ...args], newFolder(), { ...env, PORT: '0' });

describeWhere(`the single file${canBeMade ? '' : ' (NOT RUN: this Node has no place for a program inside it)'}`, () => {
  let gateway: Gateway | undefined;

  beforeAll(async () => {
    await bundleInto(join(scratch, 'program'));
    await binaryFrom(join(scratch, 'program'), file);
    rmSync(join(scratch, 'program'), { recursive: true });
  }, buildMsMax);
  afterAll(async () => {
    await gateway?.end();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('is one file that can be run', () => {
    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(readdirSync(scratch)).toEqual(['ccload']);
  });

  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /Without a command the gateway starts/],
    [['channels', 'list'], 0, /There are no channels yet/],
    [['doctor', '--json'], 0, /"about": ?"database"/],
    [['frob'], 2, /^$/],
  ])('answers %j', async (argv, code, out) => {
    expect(await run(...argv)).toMatchObject({ code, out: expect.stringMatching(out) });
  });

  it('serves pages, relays a stream, keeps its database in the current folder, and ends with 0', async () => {
    const running = await startGateway({ command: [file], env: { ...env, SQLITE_PATH: 'data/ccload.db' } });
    gateway = running;
    const row = rowFor('anthropic', true);
    const upstream = await running.upstream(row.events('from inside').reduce((so, event) => so.chunk(event), openSse([])).lastChunk());
    const { model } = await running.serve(upstream.url);

    const answer = await call(running, row, model);
    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('from inside') });
    expect(await running.logRows(answer.header('x-ccload-request-id'))).toHaveLength(1);
    expect(await ownFiles(running.port)).toEqual(ownFilesServed);
    expect(existsSync(join(running.process.folder, 'data/ccload.db'))).toBe(true);
    await running.end();
    gateway = undefined;
  });

  it('does not run what somebody changed in the cache', async () => {
    const [name = 'no folder in the cache'] = readdirSync(join(cache, 'ccload'));
    const start = join(cache, 'ccload', name, 'start.cjs');
    chmodSync(start, 0o600);
    writeFileSync(start, 'console.log("not ours")');

    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(readFileSync(start, 'utf8')).not.toContain('not ours');
  });

  it('runs a file of its own when the program starts itself with one', async () => {
    const [name = 'no folder in the cache'] = readdirSync(join(cache, 'ccload'));
    const started = spawnGateway({ command: [file, join(cache, 'ccload', name, 'app/main.js')], env });
    expect(await started.port().finally(() => started.signal('SIGTERM'))).toBeGreaterThan(0);
    expect(await started.exitCode()).toBe(0);
  });

  it('runs no other file', async () => {
    const other = join(scratch, 'other.js');
    writeFileSync(other, 'console.log("ran")');
    expect(await run(other)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('ccload does not know') });
  });

  it('says so when there is no place to unpack it', async () => {
    writeFileSync(join(scratch, 'a-file'), '');
    const nowhere = { XDG_CACHE_HOME: join(scratch, 'a-file'), TMPDIR: join(scratch, 'a-file') };
    const { code, out, err } = await ran([file, '--version'], newFolder(), nowhere);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^ccLoad cannot start\. There is no place to unpack the program:\n {2}- .*\n {2}- .*\n$/);
  });
});
