import { afterAll, describe } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Database } from '../../src/database/database.js';

/** A PostgreSQL server that tests may fill, as `.ci/postgres start` prints it; `undefined` when tests run on SQLite. */
export const serverUrl = process.env['CCLOAD_TEST_DATABASE_URL'];

/** Does the work as the owner of the server. */
export const onServer = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
};

/** A template that somebody is connected to cannot be copied: those who make it and those who copy it take turns, as long as their connection lasts. */
const templateTurn = 'SELECT pg_advisory_lock(1)';

const made = new Set<string>();

const server = (): string => {
  if (serverUrl === undefined) throw new Error('CCLOAD_TEST_DATABASE_URL is not set: start a server with .ci/postgres');
  return serverUrl;
};

const urlOf = (name: string): string => {
  const url = new URL(server());
  url.pathname = `/${name}`;
  return url.href;
};

const makeDatabase = async (more = ''): Promise<string> => {
  const name = `ccload_test_${process.pid}_${Date.now()}_${made.size}`;
  await onServer(server(), async (client) => {
    await client.query(templateTurn);
    await client.query(`CREATE DATABASE ${name} ${more}`);
  });
  made.add(name);
  return urlOf(name);
};

/** The database of this spec file, made when it is first needed. */
let database: Promise<string> | undefined;
let schemas = 0;

/** The URL of a new, empty schema, which is a database to whoever gets it; it is dropped when the spec file ends. */
export const newServerDatabase = async (): Promise<string> => {
  database ??= makeDatabase();
  const url = await database;
  schemas += 1;
  const schema = `s${schemas}`;
  await onServer(url, (client) => client.query(`CREATE SCHEMA ${schema}`));
  return `${url}?options=-c%20search_path%3D${schema}`;
};

/** Where one spec file after the other finds the tables, so that not every test has to make them. */
const template = 'ccload_template';
let isTemplateThere: Promise<void> | undefined;

const makeTemplate = (): Promise<void> =>
  onServer(server(), async (client) => {
    await client.query(templateTurn);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${template}`);
    await (await Database.inline({ url: urlOf(template) })).close();
  });

/** The URL of a new database that has its tables already; it is dropped when the spec file ends. */
export const newMigratedDatabase = async (): Promise<string> => {
  isTemplateThere ??= makeTemplate();
  await isTemplateThere;
  return makeDatabase(`TEMPLATE ${template}`);
};

if (serverUrl !== undefined) {
  afterAll(() =>
    onServer(serverUrl, async (client) => {
      for (const name of made) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }),
  );
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
