import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandLineProgram, runCommandLine as run } from '../support/command-process.js';
import { spawnGateway, startGateway, type Gateway } from '../support/gateway.js';

/* The built command line as processes of its own, beside a built gateway. */

let gateway: Gateway;
let beside: Readonly<Record<string, string>>;
beforeAll(async () => {
  gateway = await startGateway();
  beside = { PORT: String(gateway.port) };
});
afterAll(() => gateway.end());

describe('the command line beside a running gateway', () => {
  it('adds a channel that is in force at once, with a key from standard input', async () => {
    const argv = ['channels', 'add', '--name', 'by hand', '--to', 'https://a.example', '--model', 'added-by-hand', '--key', '-'];
    expect(await run(argv, beside, 'sk-a-key-from-a-pipe\n')).toMatchObject({ code: 0, err: '' });
    expect((await gateway.admin.channels()).map(({ name }) => name)).toContain('by hand');
  });

  it.each([['channels', 'export'], ['channels', 'list']])('ends quietly when nobody reads what it says (%s %s)', async (...argv) => {
    expect(await run(argv, beside, '', false)).toEqual({ code: 0, out: '', err: '' });
  });

  it('is told by the doctor that it runs', async () => {
    expect((await run(['doctor'], beside)).out).toMatch(/note +port: a gateway is running at http:\/\/127\.0\.0\.1:\d+\./);
  });

  it('does not migrate under it', async () => {
    expect(await run(['migrate'], beside)).toMatchObject({ code: 1, err: expect.stringContaining('stop it first') });
  });
});

describe('the command line alone', () => {
  const alone = { PORT: '0' };

  it('works on the file, and ends', async () => {
    const { code, out, err } = await run(['channels', 'list'], alone);
    expect([code, out]).toEqual([0, expect.stringContaining('There are no channels yet')]);
    expect(err).toBe('No gateway answers: working on data/ccload.db itself.\n');
  });

  it('refuses more input than a key can be, and ends', async () => {
    const argv = ['channels', 'add', '--name', 'n', '--to', 'https://a.example', '--model', 'm', '--key', '-'];
    expect(await run(argv, alone, 'x'.repeat(1_000_000))).toMatchObject({ code: 1, err: expect.stringContaining('Standard input has more than') });
  });

  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /Without a command the gateway starts/],
    [['frob'], 2, /^$/],
  ])('answers %j', async (argv, code, out) => {
    expect(await run(argv, alone)).toMatchObject({ code, out: expect.stringMatching(out) });
  });

  it('starts the gateway when it is told nothing', async () => {
    const started = spawnGateway({ entry: commandLineProgram });
    expect(await started.port()).toBeGreaterThan(0);
    started.signal('SIGTERM');
    expect(await started.exitCode()).toBe(0);
  });
});
