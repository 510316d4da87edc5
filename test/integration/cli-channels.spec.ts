import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startAdmin, password } from '../support/admin-app.js';
import { commandLine, type CommandLine } from '../support/command-line.js';
import { createHttpServer, listen } from '../../src/http-server.js';

const servers = new Set<{ close(): unknown; closeAllConnections(): void }>();
afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
});

const key = 'sk-ant-0123456789-abcd';
const adding = ['channels', 'add', '--name', 'first', '--to', 'https://a.example', '--model', 'm,n', '--model', 'o'] as const;
const added = async (cli: CommandLine = commandLine()): Promise<CommandLine> => {
  expect(await cli.run(...adding, '--key', key)).toMatchObject({ exitCode: 0 });
  return cli;
};
const rows = async (cli: CommandLine): Promise<readonly Record<string, unknown>[]> => JSON.parse((await cli.run('channels', 'list', '--json')).out) as [];

describe('channels, without a gateway', () => {
  it('are none at first', async () => {
    const { out, err, exitCode } = await commandLine().run('channels', 'list');
    expect([out, exitCode]).toEqual(['There are no channels yet. ccload channels add makes one.\n', 0]);
    expect(err).toMatch(/^No gateway answers: working on data\/ccload\.db itself\.\n$/);
  });

  it('are added and listed, without their keys', async () => {
    const cli = await added();
    const { out } = await cli.run('channels', 'list');
    expect(out).toBe('ID  NAME   STATE  PRIORITY  URL                MODELS\n1   first  ready  0         https://a.example  m, n, o\n');
    expect(await rows(cli)).toMatchObject([{ id: 1, models: ['m', 'n', 'o'], enabled: true, api_key: 'sk-ant-****abcd' }]);
  });

  it('take their key from standard input, as a shell sends it', async () => {
    const cli = commandLine().withInput(`${key}\n`);
    expect(await cli.run(...adding, '--key', '-', '--priority=-5', '--disabled')).toMatchObject({ exitCode: 0 });
    expect(await rows(cli)).toMatchObject([{ priority: -5, enabled: false, api_key: 'sk-ant-****abcd' }]);
  });

  it.each([
    [['--name', 'x'], 2, 'ccload channels add needs --to, --key, --model.'],
    [[], 2, 'needs --name'],
    [['--frob'], 2, "Unknown option '--frob'"],
    [['--name'], 2, 'argument missing'],
    [['surplus', ...adding.slice(2), '--key', 'k'], 2, 'wants nothing but options behind it, got "surplus"'],
    [[...adding.slice(2), '--key', ''], 1, 'api_key must be 1 to 4096 visible ASCII characters'],
    [[...adding.slice(2), '--key', 'two words'], 1, 'api_key must be'],
    [[...adding.slice(2), '--key', 'k', '--to', 'ftp://a.example'], 1, 'url must begin with http:// or https://'],
    [[...adding.slice(2), '--key', 'k', '--priority', 'high'], 1, 'priority must be a whole number'],
    [[...adding.slice(2), '--key', 'k', '--model', ''], 1, 'models must be a list'],
  ])('are not added with %j', async (options, exitCode, sentence) => {
    const end = await commandLine().run('channels', 'add', ...options);
    expect([end.exitCode, end.out]).toEqual([exitCode, '']);
    expect(end.err).toContain(sentence);
  });

  it('are not added twice under one name, and --json says so too', async () => {
    const cli = await added();
    const end = await cli.run(...adding, '--key', key, '--json');
    expect([end.exitCode, JSON.parse(end.out)]).toEqual([1, { error: 'The gateway refused: another channel has this name.' }]);
  });

  it('never move the cursor of the terminal', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.folder, 'evil.csv'), 'name,api_key,url,models\na\u202eb,k,https://a.example,m\n');
    await cli.run('channels', 'import', 'evil.csv');
    expect((await cli.run('channels', 'list')).out).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a test of a channel', () => {
  it('says what the upstream answered', async () => {
    const cli = commandLine();
    const upstream = createServer((_request, response) => response.writeHead(401).end('{"error":{"message":"no"}}'));
    servers.add(upstream);
    const port = await listen(upstream, '127.0.0.1', 0);
    await cli.run('channels', 'add', '--name', 'u', '--to', `http://127.0.0.1:${port}`, '--key', key, '--model', 'm');
    const end = await cli.run('channels', 'test', '1', '--model', 'm');
    expect(end).toMatchObject({ exitCode: 1, err: expect.stringMatching(/Channel 1 did not answer as it should: /) });
    expect(JSON.parse((await cli.run('channels', 'test', '1', '--model', 'm', '--json')).out)).toMatchObject({ success: false, status_code: 401 });
  });

  it.each([
    [['one', '--model', 'm'], 2],
    [['1'], 2],
    [['--model', 'm'], 2],
    [['7', '--model', 'm'], 1],
    [['7', '--model', 'm', '--type', 'telepathy'], 2],
  ])('is refused with %j', async (given, exitCode) => {
    expect(await commandLine().run('channels', 'test', ...given)).toMatchObject({ exitCode, out: '' });
  });
});

describe('channels as CSV', () => {
  it('leave and come back the same', async () => {
    const cli = await added();
    expect(await cli.run('channels', 'export', '--out', 'c.csv')).toMatchObject({ exitCode: 0, out: 'The channels are in c.csv.\n' });
    expect(statSync(join(cli.folder, 'c.csv')).mode & 0o777).toBe(0o600);
    const other = commandLine();
    writeFileSync(join(other.folder, 'c.csv'), readFileSync(join(cli.folder, 'c.csv')));
    expect((await other.run('channels', 'import', 'c.csv', '--dry-run')).out).toBe('1 created, 0 updated, 0 skipped; nothing was stored.\n');
    expect(await rows(other)).toEqual([]);
    expect((await other.run('channels', 'import', 'c.csv')).out).toBe('1 created, 0 updated, 0 skipped.\n');
    const [before, after] = [await cli.run('channels', 'export'), await other.run('channels', 'export')];
    expect([after.out, after.out.codePointAt(0)]).toEqual([before.out, 0xfeff]);
  });

  it('are never written over a file that is there', async () => {
    const cli = await added();
    writeFileSync(join(cli.folder, 'c.csv'), 'mine');
    expect(await cli.run('channels', 'export', '--out', 'c.csv')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(cli.folder, 'c.csv'), 'utf8')).toBe('mine');
  });

  it('report rows that cannot be used, store the others, and end with 1', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.folder, 'c.csv'), 'name,api_key,url,models\ngood,k,https://a.example,m\nbad,k,nowhere,m\n');
    const end = await cli.run('channels', 'import', 'c.csv');
    expect([end.exitCode, end.err]).toEqual([1, expect.stringMatching(/3.*\n1 created, 0 updated, 1 skipped\.\n$/)]);
    expect(await rows(cli)).toHaveLength(1);
  });

  it.each([
    ['missing.csv', 'cannot be read: ENOENT'],
    ['folder.csv', 'cannot be read'],
    ['headless.csv', 'The gateway refused'],
    ['huge.csv', 'at most 10485760 can be imported'],
  ])('do not come from %s', async (name, sentence) => {
    const cli = commandLine();
    mkdirSync(join(cli.folder, 'folder.csv'));
    writeFileSync(join(cli.folder, 'headless.csv'), 'a,b\n1,2\n');
    writeFileSync(join(cli.folder, 'huge.csv'), Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
    const end = await cli.run('channels', 'import', name);
    expect([end.exitCode, end.err]).toEqual([1, expect.stringContaining(sentence)]);
  });
});

describe('a running gateway', () => {
  const running = async (): Promise<{ readonly url: string; readonly port: number; readonly count: () => Promise<number> }> => {
    const admin = await startAdmin();
    const server = createHttpServer(admin.app.getHttpAdapter().getInstance());
    servers.add(server);
    const port = await listen(server, '127.0.0.1', 0);
    return { port, url: `http://127.0.0.1:${port}`, count: async () => (await admin.operator.get('/admin/channels')).body.data.length as number };
  };

  it('is found at its port and asked, and the file is left alone', async () => {
    const { port, count } = await running();
    const cli = commandLine({ CCLOAD_PASS: password, PORT: String(port) });
    expect(await cli.run(...adding, '--key', key)).toEqual({ exitCode: 0, out: 'Channel 1, first, is there.\n', err: '' });
    expect(await count()).toBe(1);
    expect(() => statSync(join(cli.folder, 'data'))).toThrow();
  });

  it('is found by its URL, also with a slash at the end', async () => {
    const { url, count } = await running();
    expect(await commandLine({ CCLOAD_PASS: password }).run(...adding, '--key', key, '--url', `${url}/`)).toMatchObject({ exitCode: 0 });
    expect(await count()).toBe(1);
  });

  it('refuses a wrong password, in words about the password', async () => {
    const { url } = await running();
    const end = await commandLine({ CCLOAD_PASS: 'another password' }).run('channels', 'list', '--url', url);
    expect(end).toMatchObject({ exitCode: 1, err: expect.stringContaining('CCLOAD_PASS must be the gateway') });
    expect(end.err).not.toContain('another password');
  });

  it.each(['not a url', 'ftp://127.0.0.1', 'http://127.0.0.1:1', 'http://nobody.invalid'])('is not found at %s', async (url) => {
    const cli = commandLine();
    expect(await cli.run('channels', 'list', '--url', url)).toMatchObject({ exitCode: 1, out: '' });
    expect(() => statSync(join(cli.folder, 'data'))).toThrow();
  });

  it('is not taken for what another program is', async () => {
    const other = createServer((_request, response) => response.end('{"name":"something else"}'));
    servers.add(other);
    const port = await listen(other, '127.0.0.1', 0);
    expect(await commandLine().run('channels', 'list', '--url', `http://127.0.0.1:${port}`)).toMatchObject({ exitCode: 1, err: `No ccLoad answers at http://127.0.0.1:${port}.\n` });
  });
});
