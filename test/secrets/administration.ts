import { join } from 'node:path';
import { awkwardText } from '../support/canaries.js';
import { send, type Answer, type Ask } from '../support/client.js';
import type { Gateway } from '../support/gateway.js';
import { runCommandLine } from '../support/command-process.js';
import { keyText, passwordText, type Planted } from './planted.js';
import { csvOf, importAsk, inCsv } from './csv-file.js';
import { askedFor, wholeText } from './whole-text.js';

const jsonType = [['content-type', 'application/json']] as const;

/** Whoever tries to get in, and does not. */
const strangers = ({ wrongPassword, forgedCookie, query, metricsToken }: Planted): readonly Ask[] => [
  { path: '/login', headers: jsonType, body: JSON.stringify({ password: wrongPassword.core }) },
  { path: '/login', headers: jsonType, body: `{"password":"${wrongPassword.core}` },
  { path: '/login', headers: jsonType, body: JSON.stringify({ password: { [wrongPassword.core]: 1 } }) },
  { path: `/login?password=${query.core}`, headers: [['content-type', 'application/x-www-form-urlencoded'], ['accept', 'text/html']], body: `password=${wrongPassword.core}` },
  { path: '/admin/channels', method: 'GET', headers: [['cookie', `ccload_session=s%3A${forgedCookie.core}.sig`]] },
  { path: '/metrics', method: 'GET', headers: [['authorization', `Bearer x${awkwardText(metricsToken)}`]] },
  { path: '/metrics', method: 'GET' },
];

const importFile = ({ admin }: Gateway, csv: string): Promise<Answer> => admin.send(importAsk('/admin/channels/import', csv));

const channel = { url: 'https://a.example', models: ['by-hand'] };

/** The form of a channel that is wrong in one field: it comes back with what was typed, save the key. */
const mistypedForms = ({ admin }: Gateway, key: string): Promise<readonly Answer[]> => {
  const form = { name: 'n', url: 'https://a.example', api_key: key, models: 'm' };
  const bodies = [{ ...form, name: '' }, { ...form, models: '' }, { ...form, api_key: `${key} x` }, { ...form, url: 'nowhere' }];
  const headers = [['content-type', 'application/x-www-form-urlencoded'], ['accept', 'text/html']] as const;
  return Promise.all(['/web/channels/new', '/web/channels/1/edit'].flatMap((path) =>
    bodies.map((body) => admin.send({ method: 'POST', path, headers, body: new URLSearchParams(body).toString() })),
  ));
};

/** An operator who mistypes; every request holds a key, and none may be repeated in the answer. */
const mistakes = async (gateway: Gateway, { refusedKey }: Planted): Promise<readonly Answer[]> => {
  const key = keyText(refusedKey);
  const { admin } = gateway;
  const bodies = [
    { ...channel, name: 'n', api_key: `${key} with spaces` },
    { ...channel, name: 'n', api_key: [key] },
    { ...channel, name: 'n', api_key: key, url: `https://user:${encodeURIComponent(key)}@a.example` },
    { ...channel, name: 'n', api_key: key, url: `https://a.example?key=${key}` },
    { ...channel, name: 'n', api_key: key, models: [{ [key]: key }] },
    { ...channel, name: 'n', apiKey: key },
  ];
  return [
    ...(await Promise.all(bodies.map((body) => admin.request('POST', '/admin/channels', body)))),
    await admin.send({ path: '/admin/channels', headers: jsonType, body: `{"name":"n","api_key":${JSON.stringify(key).slice(0, -1)}` }),
    await admin.request('PUT', '/admin/channels/999999', { api_key: key }),
    ...(await mistypedForms(gateway, key)),
    await admin.request('PUT', `/admin/channels/1`, { api_key: `${key}\u0000` }),
    await importFile(gateway, csvOf([`,${inCsv(key)},https://a.example,m`, `bad url,${inCsv(key)},ftp://a.example,m`, `no models,${inCsv(key)},https://a.example,`, `spaced,${inCsv(`${key} x`)},https://a.example,m`, `"${key}`])),
    await importFile(gateway, `name,${inCsv(key)},url,models\r\na,${inCsv(key)},https://a.example,m`),
  ];
};

/** Every page and list that somebody may read; keys in clear come by two routes of their own. */
const readablePaths = [
  ...['/admin/channels', '/admin/channels/1', '/admin/logs?limit=1000', '/admin/errors?limit=1000', '/admin/audit?limit=1000', '/admin/metrics', '/admin/stats', '/admin/health'],
  ...['', '/new', '/import', '/1/edit', '/1/test', '/1/delete'].map((page) => `/web/channels${page}`),
  ...['channels', 'logs', 'stats', 'trend', 'connect', 'login'].flatMap((page) => [`/web/${page}`, `/web/${page}.html`]),
  ...['/metrics', '/health', '/ready', '/public/summary', '/docs', '/docs/json', '/v1/models', '/', '/web', '/web/index', '/web/index.html', '/web/nowhere.html', '/nowhere', '/%E0%A4%A'],
];

/** What was asked for, and what was told. */
export interface Read {
  readonly asked: readonly string[];
  readonly text: string;
}

export const readEverything = async (gateway: Gateway, { token, metricsToken, query }: Planted): Promise<Read> => {
  const [row] = await gateway.admin.logRows('limit=1');
  const asks = [...readablePaths, `/web/logs/${row?.request_id}`].map((path): Ask => {
    const authorization = path === '/metrics' ? metricsToken : token;
    return { path, method: 'GET', headers: [['authorization', `Bearer ${awkwardText(authorization)}`], ['referer', `http://a.example/?k=${query.core}`]] };
  });
  const texts = asks.map(async (ask) => `${askedFor(ask)}\n${wholeText(await gateway.admin.send(ask))}`);
  return { asked: asks.map(askedFor), text: (await Promise.all(texts)).join('\n\n') };
};

/** Whoever is refused: what they were told may hold no secret. */
export const refusedOnes = async (gateway: Gateway, planted: Planted): Promise<readonly string[]> => {
  const refused: Answer[] = [];
  for (const ask of strangers(planted)) refused.push(await send(gateway.port, ask));
  return [...refused, ...(await mistakes(gateway, planted))].map(wholeText);
};

/** What the command line prints beside the gateway, when it succeeds and when it does not. */
export const commandOutput = async (gateway: Gateway, planted: Planted): Promise<string> => {
  const { secretKey, refusedKey } = planted;
  const env = { CCLOAD_PASS: passwordText(planted), PORT: String(gateway.port), SQLITE_PATH: join(gateway.process.folder, 'ccload.db'), CCLOAD_SECRET_KEY: awkwardText(secretKey) };
  const add = ['channels', 'add', '--name', 'kept', '--to', 'https://a.example', '--model', 'm', '--key', '-'];
  const runs = [runCommandLine(['doctor'], env), runCommandLine(add, env, keyText(refusedKey))];
  return (await Promise.all(runs)).map(({ out, err }) => `${out}${err}`).join('\n');
};
