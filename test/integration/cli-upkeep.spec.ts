import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { closedPortUrl } from '../support/fake-upstream.js';

const servers = new Set<Server>();
afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
});

const listener = async (): Promise<number> => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('220 mail.example ready\r\n'));
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  return address.port;
};

const withChannel = async (url: string, cli: CommandLine = commandLine({ CCLOAD_AUTH: 'token' })): Promise<CommandLine> => {
  expect(await cli.run('channels', 'add', '--name', 'one', '--to', url, '--key', 'sk', '--model', 'm')).toMatchObject({ exitCode: 0 });
  return cli;
};

describe('the command line', () => {
  it.each([[[]], [['--help']], [['help']]])('shows all commands for %j', async (argv) => {
    const { out, exitCode } = await commandLine().run(...argv);
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/channels list[^]*doctor/)]);
  });

  it.each(['channels list', 'channels add', 'channels test', 'channels import', 'channels export', 'password', 'migrate', 'doctor', 'health'])(
    'has help for %s, without doing it',
    async (name) => {
      const cli = commandLine();
      expect(await cli.run(...name.split(' '), '--help')).toMatchObject({ exitCode: 0, out: expect.stringContaining(`Usage: ccload ${name}`), err: '' });
      expect(readdirSync(cli.folder)).toEqual([]);
    },
  );

  it.each([[['channels']], [['channels', 'frob']], [['doctors']], [['--frob']], [['list', 'channels']]])('does not know %j', async (argv) => {
    const { out, err, exitCode } = await commandLine().run(...argv);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^ccload does not know /);
  });

  it.each(['channels list', 'channels export', 'migrate'])('tells everything that is wrong with the configuration before %s', async (name) => {
    const end = await commandLine({ PORT: 'eighty', LOG_LEVEL: 'loud' }).run(...name.split(' '));
    expect([end.exitCode, end.err]).toEqual([1, expect.stringMatching(/PORT must[^]*LOG_LEVEL must/)]);
  });

  it('says which file is in the way of the database', async () => {
    const cli = commandLine();
    mkdirSync(join(cli.folder, 'data'));
    writeFileSync(join(cli.folder, 'data', 'ccload.db'), 'not a database, only text that is long enough');
    const end = await cli.run('channels', 'list');
    expect([end.exitCode, end.err]).toEqual([1, expect.stringContaining('is not an SQLite database')]);
  });
});

describe('password', () => {
  const envOf = (cli: CommandLine): string => readFileSync(join(cli.folder, '.env'), 'utf8');
  const unset = { CCLOAD_PASS: undefined };

  it('explains itself and changes nothing', async () => {
    const cli = commandLine().with(unset);
    expect((await cli.run('password')).out).toMatch(/It is not set: the password is "admin"/);
    expect(readdirSync(cli.folder)).toEqual([]);
  });

  it('never shows the one that is set', async () => {
    const { out, err } = await commandLine({ CCLOAD_PASS: 'secret' }).run('password');
    expect(out).toContain('It is set, in the environment.');
    expect(out + err).not.toContain('secret');
  });

  it('writes a strong one for its owner alone, and leaves nothing else behind', async () => {
    const cli = commandLine().with(unset);
    const { out } = await cli.run('password', '--write');
    const [, written = ''] = /^CCLOAD_PASS=([\w-]{32})\n$/.exec(envOf(cli)) ?? [];
    expect(written).not.toBe('');
    expect(out).not.toContain(written);
    expect(statSync(join(cli.folder, '.env')).mode & 0o777).toBe(0o600);
    expect(readdirSync(cli.folder)).toEqual(['.env']);
  });

  it('does not replace one without being told to', async () => {
    const cli = commandLine().with(unset);
    writeFileSync(join(cli.folder, '.env'), 'PORT=1\nCCLOAD_PASS=mine\n');
    expect(await cli.run('password', '--write')).toMatchObject({ exitCode: 1, err: expect.stringContaining('--replace') });
    expect(envOf(cli)).toBe('PORT=1\nCCLOAD_PASS=mine\n');
    expect(await cli.run('password', '--write', '--replace')).toMatchObject({ exitCode: 0 });
    expect(envOf(cli)).toMatch(/^PORT=1\nCCLOAD_PASS=[\w-]{32}\n$/);
  });

  it('does not touch one over several lines', async () => {
    const cli = commandLine().with(unset);
    writeFileSync(join(cli.folder, '.env'), 'CCLOAD_PASS="a\nb"\n');
    expect(await cli.run('password', '--write', '--replace')).toMatchObject({ exitCode: 1 });
    expect(envOf(cli)).toBe('CCLOAD_PASS="a\nb"\n');
  });

  it('says when the environment would win', async () => {
    expect((await commandLine({ CCLOAD_PASS: 'outside' }).run('password', '--write')).err).toContain('wins over .env');
  });

  it('fails where .env cannot be read', async () => {
    const cli = commandLine();
    mkdirSync(join(cli.folder, '.env'));
    expect(await cli.run('password', '--write')).toMatchObject({ exitCode: 1, err: expect.stringContaining('cannot be read') });
  });
});

describe('migrate', () => {
  it('makes the database and says with what, then finds nothing to do', async () => {
    const cli = commandLine();
    expect((await cli.run('migrate')).out).toMatch(/^data\/ccload\.db was made:\n {2}InitialSchema\d+\n/);
    expect(await cli.run('migrate')).toEqual({ exitCode: 0, out: 'data/ccload.db is up to date.\n', err: '' });
    expect(JSON.parse((await cli.run('migrate', '--json')).out)).toEqual({ file: 'data/ccload.db', executed: [] });
  });

  it('leaves a file alone that is not ours', async () => {
    const cli = commandLine({ SQLITE_PATH: 'notes.txt' });
    writeFileSync(join(cli.folder, 'notes.txt'), 'remember the milk, and much else besides');
    expect(await cli.run('migrate')).toMatchObject({ exitCode: 1, out: '' });
    expect(readFileSync(join(cli.folder, 'notes.txt'), 'utf8')).toMatch(/^remember the milk/);
  });
});

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and changes nothing', async () => {
    const cli = commandLine({ CCLOAD_AUTH: 'token' });
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(/Nothing is wrong\.\n$/) });
    expect(readdirSync(cli.folder)).toEqual([]);
  });

  it('reaches a channel that takes connections', async () => {
    const cli = await withChannel(`http://127.0.0.1:${await listener()}/v1`);
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/ok +channel 1, one: 127\.0\.0\.1:\d+ can be reached/) });
  });

  it('names the channel that cannot be reached, how to mend it, and ends with 1', async () => {
    const cli = await withChannel(await closedPortUrl());
    const end = await cli.run('doctor');
    expect([end.exitCode, end.err]).toEqual([1, 'One thing is wrong.\n']);
    expect(end.out).toMatch(/PROBLEM +channel 1, one: 127\.0\.0\.1 refuses the connection.*\n +Mend/);
    expect(JSON.parse((await cli.run('doctor', '--json')).out)).toContainEqual(expect.objectContaining({ verdict: 'problem', about: 'channel 1, one' }));
  });

  it('does not look for a disabled channel', async () => {
    const cli = commandLine({ CCLOAD_AUTH: 'token' });
    await cli.run('channels', 'add', '--name', 'off', '--to', await closedPortUrl(), '--key', 'k', '--model', 'm', '--disabled');
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 0, out: expect.stringContaining('disabled, not looked at') });
  });

  it('lists every variable that cannot be used', async () => {
    const { out, exitCode } = await commandLine({ PORT: 'eighty', LOG_RETENTION_DAYS: 'x' }).run('doctor');
    expect([exitCode, out.match(/PROBLEM +configuration: /g)?.length]).toEqual([1, 2]);
  });

  it.each([
    [{ CCLOAD_PASS: undefined }, /WARNING +password: CCLOAD_PASS is not set/],
    [{ CCLOAD_PASS: 'short' }, /WARNING +password: CCLOAD_PASS has fewer than 12 characters/],
    [{ HOST: '0.0.0.0' }, /WARNING +tokens: CCLOAD_AUTH is not set/],
  ])('warns of %j and calls it no failure', async (env, sentence) => {
    const { out, exitCode } = await commandLine().with(env).run('doctor');
    expect([exitCode, out]).toEqual([0, expect.stringMatching(sentence)]);
    expect(out).not.toContain('short ');
  });

  it('sees a port that another program has taken', async () => {
    const { out, exitCode } = await commandLine({ PORT: String(await listener()) }).run('doctor');
    expect([exitCode, out]).toEqual([1, expect.stringMatching(/PROBLEM +port: Port \d+ on 127\.0\.0\.1 is taken/)]);
  });

  it('sees a .env that others can read', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.folder, '.env'), 'PORT=0\n');
    chmodSync(join(cli.folder, '.env'), 0o644);
    expect((await cli.run('doctor')).out).toMatch(/WARNING +\.env: other users/);
  });

  it('sees a database that others can read', async () => {
    const cli = commandLine({ CCLOAD_AUTH: 'token' });
    expect(await cli.run('migrate')).toMatchObject({ exitCode: 0 });
    expect((await cli.run('doctor')).out).not.toContain('other users');
    chmodSync(join(cli.folder, 'data', 'ccload.db'), 0o640);
    expect((await cli.run('doctor')).out).toMatch(/WARNING +database: other users of this machine may read .*ccload\.db\.\n +Run "chmod 600/);
  });

  it('sees a .env that cannot be read at all', async () => {
    const cli = commandLine();
    mkdirSync(join(cli.folder, '.env'));
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 1, out: expect.stringContaining('cannot be read') });
  });

  it('sees a database that is none', async () => {
    const cli = commandLine({ SQLITE_PATH: 'ccload.db' });
    writeFileSync(join(cli.folder, 'ccload.db'), 'not a database, only text that is long enough');
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 1, out: expect.stringMatching(/PROBLEM +database: .* is not an SQLite database/) });
  });

  it('sees pages of the database that were overwritten', async () => {
    const cli = await withChannel('https://a.invalid');
    const path = join(cli.folder, 'data', 'ccload.db');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 4096 * 3), Buffer.alloc(bytes.length - 4096 * 3, 0x55)]));
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 1, out: expect.stringMatching(/PROBLEM +database: .* (is damaged|cannot be used)/) });
  });

  it('sees keys that were sealed with another secret, and none of it shows', async () => {
    const cli = await withChannel('https://a.invalid', commandLine({ CCLOAD_SECRET_KEY: 'the first long passphrase' }));
    const end = await cli.with({ CCLOAD_SECRET_KEY: 'another long passphrase' }).run('doctor');
    expect([end.exitCode, end.out]).toEqual([1, expect.stringMatching(/PROBLEM +database: .* sealed with another secret/)]);
    expect(end.out + end.err).not.toContain('passphrase');
    expect((await cli.with({ CCLOAD_SECRET_KEY: undefined }).run('channels', 'list')).err).toContain('set CCLOAD_SECRET_KEY');
  });

  it('sees a folder of the database that is a file', async () => {
    const cli = commandLine({ SQLITE_PATH: 'blocked/ccload.db' });
    writeFileSync(join(cli.folder, 'blocked'), '');
    expect(await cli.run('doctor')).toMatchObject({ exitCode: 1 });
    expect(existsSync(join(cli.folder, 'blocked', 'ccload.db'))).toBe(false);
  });
});
