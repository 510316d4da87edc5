import { afterAll, describe } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** A PostgreSQL server that tests may fill, as `.ci/postgres start` prints it; `undefined` when tests run on SQLite. */
export const serverUrl = process.env['CCLOAD_TEST_DATABASE_URL'];

/** Does the work as the owner of the server. */
export const onServer = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
};

/** The database of this spec file, made when it is first needed. */
let database: Promise<string> | undefined;
let schemas = 0;

const makeDatabase = async (server: string): Promise<string> => {
  const name = `ccload_test_${process.pid}_${Date.now()}`;
  await onServer(server, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
};

/** The URL of a new, empty schema, which is a database to whoever gets it; it is dropped when the spec file ends. */
export const newServerDatabase = async (): Promise<string> => {
  if (serverUrl === undefined) throw new Error('CCLOAD_TEST_DATABASE_URL is not set: start a server with .ci/postgres');
  database ??= makeDatabase(serverUrl);
  const url = await database;
  schemas += 1;
  const schema = `s${schemas}`;
  await onServer(url, (client) => client.query(`CREATE SCHEMA ${schema}`));
  return `${url}?options=-c%20search_path%3D${schema}`;
};

if (serverUrl !== undefined) {
  afterAll(async () => {
    if (database === undefined) return;
    const { pathname } = new URL(await database);
    await onServer(serverUrl, (client) => client.query(`DROP DATABASE ${pathname.slice(1)} WITH (FORCE)`));
  });
}

const script = fileURLToPath(new URL('../../.ci/postgres', import.meta.url));
const run = promisify(execFile);

const valueIn = (text: string, name: string): string => {
  const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`.ci/postgres did not say ${name}: ${text}`);
  return value;
};

/** A server for one spec file alone, which may do to it what would disturb others. It ends with the test process. */
export class OwnServer {
  private constructor(
    readonly url: string,
    private readonly folder: string,
  ) {}

  static async start(): Promise<OwnServer> {
    const { stdout } = await run(script, ['start', String(process.pid)]);
    return new OwnServer(valueIn(stdout, 'CCLOAD_TEST_DATABASE_URL'), valueIn(stdout, 'CCLOAD_TEST_DATABASE_FOLDER'));
  }

  /** `crash`: what it has not yet written is lost. `orderly`: it cuts every connection, and loses nothing. */
  async restart(how: 'crash' | 'orderly'): Promise<void> {
    await run(script, ['restart', this.folder, how === 'crash' ? 'immediate' : 'fast']);
  }

  /** From now on it answers nothing, and no connection ends, until `resume`. */
  async pause(): Promise<void> {
    await this.signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    await this.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    await run(script, ['stop', this.folder]);
  }

  private async signal(name: NodeJS.Signals): Promise<void> {
    const main = Number((await readFile(join(this.folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0]);
    const { stdout } = await run('pgrep', ['--parent', String(main)]);
    for (const pid of [main, ...stdout.trim().split('\n').map(Number)]) process.kill(pid, name);
  }
}

/** For what only PostgreSQL has; says so loudly where there is none. `.ci/run` has one. */
export const describePostgres = (title: string, tests: () => void): void => {
  if (serverUrl === undefined) describe.skip(`NOT RUN, because CCLOAD_TEST_DATABASE_URL names no server: ${title}`, tests);
  else describe(title, tests);
};

/** For what only a file of SQLite has, such as its rights and its journal. */
export const describeSqlite: (title: string, tests: () => void) => void = serverUrl === undefined ? describe : describe.skip;
