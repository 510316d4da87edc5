import { afterAll, describe } from '@jest/globals';
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

/** For what only PostgreSQL has; says so loudly where there is none. `.ci/run` has one. */
export const describePostgres = (title: string, tests: () => void): void => {
  if (serverUrl === undefined) describe.skip(`NOT RUN, because CCLOAD_TEST_DATABASE_URL names no server: ${title}`, tests);
  else describe(title, tests);
};

/** For what only a file of SQLite has, such as its rights and its journal. */
export const describeSqlite: (title: string, tests: () => void) => void = serverUrl === undefined ? describe : describe.skip;
