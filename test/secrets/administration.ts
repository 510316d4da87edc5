import { join } from 'node:path';
import { send, type Answer, type Ask } from '../support/client.js';
import type { Gateway } from '../support/gateway.js';
import { runCommandLine } from '../support/command-process.js';
import { json } from '../support/script.js';
import { keyText, passwordText, type Planted } from './planted.js';
import { wholeText } from './whole-text.js';

const jsonType = [['content-type', 'application/json']] as const;

/** Whoever tries to get in, and does not. */
const strangers = ({ wrongPassword, forgedCookie, query, metricsToken }: Planted): readonly Ask[] => [
  { path: '/login', headers: jsonType, body: JSON.stringify({ password: wrongPassword.core }) },
  { path: '/login', headers: jsonType, body: `{"password":"${wrongPassword.core}` },
  { path: '/login', headers: jsonType, body: JSON.stringify({ password: { [wrongPassword.core]: 1 } }) },
  { path: `/login?password=${query.core}`, headers: [['content-type', 'application/x-www-form-urlencoded'], ['accept', 'text/html']], body: `password=${wrongPassword.core}` },
  { path: '/admin/channels', method: 'GET', headers: [['cookie', `ccload_session=s%3A${forgedCookie.core}.sig`]] },
  { path: '/metrics', method: 'GET', headers: [['authorization', `Bearer x${metricsToken.core}`]] },
  { path: '/metrics', method: 'GET' },
];

const csvOf = (rows: readonly string[]): string => ['name,api_key,url,models', ...rows].join('\r\n');

const importFile = (gateway: Gateway, csv: string): Promise<Answer> => {
  const boundary = 'a-boundary-of-this-test';
  const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="c.csv"\r\ncontent-type: text/csv\r\n\r\n${csv}\r\n--${boundary}--\r\n`;
  return gateway.admin.send({ path: '/admin/channels/import', headers: [['content-type', `multipart/form-data; boundary=${boundary}`]], body: part });
};

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
    { ...channel, name: 'n', api_key: key, url: `https://user:${key}@a.example` },
    { ...channel, name: 'n', api_key: key, url: `https://a.example?key=${key}` },
    { ...channel, name: 'n', api_key: key, models: [{ [key]: key }] },
    { ...channel, name: 'n', apiKey: key },
  ];
  return [
    ...(await Promise.all(bodies.map((body) => admin.request('POST', '/admin/channels', body)))),
    await admin.send({ path: '/admin/channels', headers: jsonType, body: `{"name":"n","api_key":"${key}` }),
    await admin.request('PUT', '/admin/channels/999999', { api_key: key }),
    ...(await mistypedForms(gateway, key)),
    await admin.request('PUT', `/admin/channels/1`, { api_key: `${key}\u0000` }),
    await importFile(gateway, csvOf([`,${key},https://a.example,m`, `bad url,${key},ftp://a.example,m`, `no models,${key},https://a.example,`, `spaced,${key} x,https://a.example,m`, `"${key}`])),
    await importFile(gateway, `name,${key},url,models\r\na,${key},https://a.example,m`),
  ];
};

/** Keys come and go, and a channel is tested. */
const deeds = async (gateway: Gateway, planted: Planted): Promise<void> => {
  const { admin } = gateway;
  const upstream = await gateway.upstream(json(401, { error: { type: 'x', message: `key ${keyText(planted.key)}` } }));
  const kept = await admin.addChannel({ ...channel, url: upstream.url, name: 'kept', api_key: keyText(planted.replacedKey) });
  await admin.updateChannel(kept, { name: 'kept', ...channel, url: upstream.url, api_key: keyText(planted.key) });
  await admin.request('POST', `/admin/channels/${kept}/test`, { model: 'by-hand', content: planted.prompt.core });
  await admin.request('POST', `/admin/channels/${kept}/cooldown`, { duration_ms: 5_000 });
  const gone = await admin.addChannel({ ...channel, name: 'gone', api_key: keyText(planted.deletedKey) });
  await admin.request('GET', `/admin/channels/${gone}/key`);
  await admin.request('DELETE', `/admin/channels/${gone}`);
  await importFile(gateway, csvOf([`brought in,${keyText(planted.importedKey)},https://a.example,m`]));
};

/** Every page and list that somebody may read; keys in clear come by two routes of their own. */
const readablePaths = [
  ...['/admin/channels', '/admin/logs?limit=1000', '/admin/errors?limit=1000', '/admin/audit?limit=1000', '/admin/metrics', '/admin/stats'],
  ...['', '/new', '/import', '/1/edit', '/1/test', '/1/delete'].map((page) => `/web/channels${page}`),
  ...['/web/logs', '/web/stats', '/web/trend', '/web/connect'],
  ...['/metrics', '/health', '/ready', '/public/summary', '/docs', '/docs/json', '/v1/models', '/', '/web/', '/web/index.html', '/web/login.html', '/web/nowhere.html', '/nowhere', '/%E0%A4%A'],
];

export const readEverything = async (gateway: Gateway, { token, metricsToken, query }: Planted): Promise<string> => {
  const texts = readablePaths.map(async (path) => {
    const authorization = path === '/metrics' ? metricsToken : token;
    const ask: Ask = { path, method: 'GET', headers: [['authorization', `Bearer ${authorization.core}`], ['referer', `http://a.example/?k=${query.core}`]] };
    return `GET ${path}\n${wholeText(await gateway.admin.send(ask))}`;
  });
  return (await Promise.all(texts)).join('\n\n');
};

/** Everything an operator and a stranger may do besides reading; returns what they were told that may hold no secret. */
export const administrate = async (gateway: Gateway, planted: Planted): Promise<readonly string[]> => {
  const refused: Answer[] = [];
  for (const ask of strangers(planted)) refused.push(await send(gateway.port, ask));
  const mistaken = await mistakes(gateway, planted);
  await deeds(gateway, planted);
  return [...refused, ...mistaken].map(wholeText);
};

/** What the command line prints beside the gateway, when it succeeds and when it does not. */
export const commandOutput = async (gateway: Gateway, planted: Planted): Promise<string> => {
  const { secretKey, refusedKey } = planted;
  const env = { CCLOAD_PASS: passwordText(planted), PORT: String(gateway.port), SQLITE_PATH: join(gateway.process.folder, 'ccload.db'), CCLOAD_SECRET_KEY: secretKey.core };
  const add = ['channels', 'add', '--name', 'kept', '--to', 'https://a.example', '--model', 'm', '--key', '-'];
  const runs = [runCommandLine(['doctor'], env), runCommandLine(add, env, keyText(refusedKey))];
  return (await Promise.all(runs)).map(({ out, err }) => `${out}${err}`).join('\n');
};
