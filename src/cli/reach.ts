import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isConfigProblems, loadConfig, type Config } from '../config/config.js';
import { isLoopback } from '../config/variable.js';
import { databaseNameOf } from '../database/inspect-database.js';
import type { DatabasePlace } from '../database/place.js';
import { secondMs } from '../domain/time.js';
import { AdminApi } from './admin-api.js';
import { failed, type Arguments, type Failed, type Option, type Outcome, type Surroundings } from './command.js';
import { isGreeting } from './parse-reply.js';

const probeMsMax = 2 * secondMs;

/** Options of every command that talks to the administration. */
export const reachOptions: Readonly<Record<string, Option>> = {
  url: { type: 'string', value: 'URL', says: 'The gateway to talk to, when it is not the one of this configuration.' },
};

export const reachDetails = `A running gateway is asked to do it (CCLOAD_PASS is its password). Where none answers at HOST and PORT, the command
works on the database itself.`;

/** Is there a ccLoad at this address? */
export const isGatewayAt = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/`, { signal: AbortSignal.timeout(probeMsMax), redirect: 'error' });
    return isGreeting(await response.text());
  } catch {
    return false;
  }
};

/** Where the gateway of a configuration answers; `undefined` while it takes any free port. */
export const urlOf = ({ host, port }: Pick<Config, 'host' | 'port'>): string | undefined => {
  if (port === 0) return undefined;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};

/** The configuration, or all of its problems in one sentence. */
export const configOf = (surroundings: Surroundings): Config | Failed => {
  const config = loadConfig(surroundings.environment());
  if (!isConfigProblems(config)) return config;
  return failed(`The configuration cannot be used:\n${config.problems.map((problem) => `  - ${problem}`).join('\n')}`);
};

/** The database of a configuration; a file is looked for from the folder. */
export const placeIn = (folder: string, { databaseUrl, sqlitePath }: Pick<Config, 'databaseUrl' | 'sqlitePath'>): DatabasePlace =>
  databaseUrl === undefined ? { path: resolve(folder, sqlitePath) } : { url: databaseUrl };

interface Place {
  readonly kind: 'place';
  readonly url: string;
  readonly notes: readonly string[];
  leave(): Promise<void>;
}

const running = (url: string, notes: readonly string[] = []): Place => ({ kind: 'place', url, notes, leave: () => Promise.resolve() });

const givenPlace = async (text: string): Promise<Place | Failed> => {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return failed(`--url must be an address such as http://127.0.0.1:8080, got ${JSON.stringify(text)}.`);
  const { protocol, hostname, origin, pathname } = new URL(text);
  const url = `${origin}${pathname.replace(/\/+$/, '')}`;
  if (!(await isGatewayAt(url))) return failed(`No ccLoad answers at ${url}.`);
  const isExposed = protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''));
  return running(url, isExposed ? [`The password travels to ${hostname} unencrypted; use https where others can listen.`] : []);
};

/** Changes that are not in the file yet lie here: a second process has it open, or one crashed. */
const journalBytes = async (path: string): Promise<number> => (await stat(`${path}-wal`).catch(() => undefined))?.size ?? 0;

const openElsewhereNote = async (path: string): Promise<readonly string[]> =>
  (await journalBytes(path)) > 0
    ? [`Another program may have ${path} open. A gateway that runs elsewhere sees changes of the file only after a restart; name it with --url instead.`]
    : [];

const ownPlace = async (config: Config, surroundings: Surroundings): Promise<Place | Failed> => {
  const url = urlOf(config);
  if (url !== undefined && (await isGatewayAt(url))) return running(url);
  const place = placeIn(surroundings.folder, config);
  const name = 'url' in place ? databaseNameOf(place) : config.sqlitePath;
  const elsewhere = 'url' in place ? [] : await openElsewhereNote(place.path);
  const notes = [`No gateway answers${url === undefined ? '' : ` at ${url}`}: working on ${name} itself.`, ...elsewhere];
  const opened = await surroundings.openGateway(config);
  return { kind: 'place', url: opened.url, notes, leave: () => opened.close() };
};

/** What one command does with the administration, logged in. Its notes are added to those of how it got there. */
export const withAdmin = async (
  given: Arguments,
  surroundings: Surroundings,
  work: (api: AdminApi) => Promise<Outcome>,
): Promise<Outcome> => {
  const config = configOf(surroundings);
  if ('kind' in config) return config;
  const url = given.text('url');
  const place = url === undefined ? await ownPlace(config, surroundings) : await givenPlace(url);
  if (place.kind === 'failed') return place;
  try {
    const api = await AdminApi.login(place.url, config.password);
    if (!(api instanceof AdminApi)) return { ...api, notes: place.notes };
    const outcome = await work(api);
    await api.logout();
    return outcome.kind === 'misused' ? outcome : { ...outcome, notes: [...place.notes, ...(outcome.notes ?? [])] };
  } finally {
    await place.leave();
  }
};
