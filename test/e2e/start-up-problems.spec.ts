import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newFolder, spawnGateway, type GatewayProcess, type StartOptions } from '../support/gateway.js';

const started: GatewayProcess[] = [];
afterEach(() => {
  for (const gateway of started.splice(0)) {
    gateway.signal('SIGKILL');
    rmSync(gateway.folder, { recursive: true, force: true });
  }
});

/** What a gateway that cannot start says, and its exit code. */
const failureOf = async (options: StartOptions): Promise<{ readonly code: number | undefined; readonly output: string }> => {
  const gateway = spawnGateway(options);
  started.push(gateway);
  const code = await gateway.exitCode(15_000);
  return { code, output: gateway.output };
};

const stackFrame = /\n\s+at .+:\d+:\d+/;

describe('a gateway that cannot start', () => {
  it('names every bad variable in one message', async () => {
    const { code, output } = await failureOf({
      env: { CCLOAD_PASS: '', HOST: '0.0.0.0', PORT: '80a', MAX_BODY_BYTES: '-1', FIRST_EVENT_TIMEOUT_MS: 'soon', LOG_RETENTION_DAYS: '0' },
    });

    expect(code).toBeGreaterThan(0);
    for (const said of ['HOST', 'PORT', '80a', 'MAX_BODY_BYTES', '-1', 'FIRST_EVENT_TIMEOUT_MS', 'soon', 'LOG_RETENTION_DAYS']) {
      expect(output).toContain(said);
    }
    expect(output).not.toMatch(stackFrame);
  });

  it('reads .env too, and says what is wrong there', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, '.env'), 'STREAM_IDLE_TIMEOUT_MS=never\n');
    const { code, output } = await failureOf({ folder });
    expect(code).toBeGreaterThan(0);
    expect(output).toContain('STREAM_IDLE_TIMEOUT_MS');
  });

  it('says that the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';

    const { code, output } = await failureOf({ env: { PORT: port } });
    await new Promise((resolve) => other.close(resolve));

    expect(code).toBeGreaterThan(0);
    expect(output).toContain(port);
    expect(output).toMatch(/in use|taken|EADDRINUSE/i);
    expect(output).not.toMatch(stackFrame);
  });

  it('says that the database folder cannot be made', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), 'not a folder');
    const path = join(folder, 'file', 'data', 'ccload.db');

    const { code, output } = await failureOf({ folder, env: { SQLITE_PATH: path } });

    expect(code).toBeGreaterThan(0);
    expect(output).toContain(join(folder, 'file'));
    expect(output).not.toMatch(stackFrame);
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['no SQLite file', (path: string) => writeFileSync(path, 'hello, I am a text file and not a database at all\n'.repeat(100))],
  ])('says that the database is %s, and leaves it as it was', async (_what, make) => {
    const folder = newFolder();
    const path = join(folder, 'strange.db');
    make(path);

    const { code, output } = await failureOf({ folder, env: { SQLITE_PATH: path } });

    expect(code).toBeGreaterThan(0);
    expect(output).toContain('strange.db');
    expect(output).not.toMatch(stackFrame);
  });

  it('never repeats a secret', async () => {
    const { output } = await failureOf({ env: { PORT: 'x', CCLOAD_PASS: 'pass-that-nobody-may-see', CCLOAD_AUTH: 'token-that-nobody-may-see' } });
    expect(output).not.toContain('nobody-may-see');
  });
});

describe('a gateway without a password', () => {
  it('starts on loopback only and says so', async () => {
    const folder = newFolder();
    const gateway = spawnGateway({ folder, env: { CCLOAD_PASS: '', CCLOAD_AUTH: '', HOST: '' } });
    started.push(gateway);
    await gateway.port();
    gateway.signal('SIGTERM');
    expect(await gateway.exitCode()).toBe(0);
    expect(gateway.output).toContain('listening on http://127.0.0.1:');
    expect(gateway.output).toContain('CCLOAD_PASS');
  });
});
