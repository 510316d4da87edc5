import type { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Response, Test } from 'supertest';
import { programVersion } from '../../src/config/program-version.js';
import { Readiness } from '../../src/health/readiness.js';
import { TrendRollup } from '../../src/stats/trend-rollup.js';
import { aChannel, password, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { closedPortUrl } from '../support/fake-upstream.js';
import { attemptRecord } from '../support/attempt-record.js';
import { routesOf } from '../support/routes.js';
import { AnswerCheck, operationsOf, type Description, type Operation } from '../support/api-contract.js';

/*
 * The description against the program: every route is described, and every answer is as described. A new route fails here
 * until its controller says what it answers and `calls` says how to call it; how it refuses is tried without being told.
 */

const admin = await startAdmin();
const description = (await admin.anonymous.get('/docs/json').expect(200)).body as Description;
const operations = operationsOf(description);
const check = new AnswerCheck(description);

await admin.database.remote('logs').append([
  attemptRecord({ time: Date.now(), final: false, statusCode: 429, trace: [{ channelId: 1, channelName: 'one', note: 'refused' }] }),
  attemptRecord({ time: Date.now(), channelId: undefined, channelName: undefined, tokenLabel: undefined, usage: undefined, firstByteMs: undefined }),
]);
await admin.app.get(TrendRollup).rollUp();

/** The control plane's; the model calls are tried in a spec of their own. */
const ours = [...operations].filter(([name]) => !name.includes(' /v1/'));

type Call = (from: AdminUnderTest) => Promise<Response> | Test;

const csvHead = 'name,api_key,url,models\n';
const newId = async ({ operator }: AdminUnderTest, changes: object = {}): Promise<number> => {
  const { body } = await operator.post('/admin/channels').send(aChannel(changes)).expect(201);
  return Number(body.data.id);
};
const put = (path: string, body: object): Call => async (from) => from.operator.put(`${path}/${await newId(from)}`).send(body);

/** How each operation is called so that it succeeds, and refusals that nobody could guess from the description. */
const calls: Readonly<Record<string, Readonly<Record<number, Call>>>> = {
  'GET /': { 200: ({ anonymous }) => anonymous.get('/') },
  'GET /health': { 200: ({ anonymous }) => anonymous.get('/health') },
  'GET /ready': { 200: ({ anonymous }) => anonymous.get('/ready') },
  'GET /admin/health': { 200: ({ operator }) => operator.get('/admin/health') },
  'GET /docs': { 200: ({ anonymous }) => anonymous.get('/docs') },
  'GET /docs/json': { 200: ({ anonymous }) => anonymous.get('/docs/json') },
  'GET /public/summary': { 200: ({ anonymous }) => anonymous.get('/public/summary') },
  'POST /login': {
    200: ({ anonymous }) => anonymous.post('/login').send({ password }),
    401: ({ anonymous }) => anonymous.post('/login').send({ password: 'wrong' }),
  },
  'POST /logout': { 200: ({ anonymous }) => anonymous.post('/logout') },
  'GET /logout': { 200: ({ anonymous }) => anonymous.get('/logout') },
  'GET /admin/channels': {
    200: async (from) => {
      const id = await newId(from);
      await from.operator.post(`/admin/channels/${id}/cooldown`).send({ duration_ms: 60_000 }).expect(200);
      return from.operator.get('/admin/channels');
    },
  },
  'POST /admin/channels': {
    201: ({ operator }) => operator.post('/admin/channels').send(aChannel()),
    409: async ({ operator }) => {
      const twin = aChannel();
      await operator.post('/admin/channels').send(twin).expect(201);
      return operator.post('/admin/channels').send(twin);
    },
  },
  'GET /admin/channels/{id}': { 200: async (from) => from.operator.get(`/admin/channels/${await newId(from)}`) },
  'PUT /admin/channels/{id}': { 200: put('/admin/channels', { enabled: false }), 409: put('/admin/channels', { enabled: true, updated_at: 1 }) },
  'DELETE /admin/channels/{id}': { 204: async (from) => from.operator.delete(`/admin/channels/${await newId(from)}`) },
  'GET /admin/channels/{id}/key': { 200: async (from) => from.operator.get(`/admin/channels/${await newId(from)}/key`) },
  'POST /admin/channels/{id}/cooldown': {
    200: async (from) => from.operator.post(`/admin/channels/${await newId(from)}/cooldown`).send({ duration_ms: 1_000 }),
  },
  'DELETE /admin/channels/{id}/cooldown': { 200: async (from) => from.operator.delete(`/admin/channels/${await newId(from)}/cooldown`) },
  'POST /admin/channels/{id}/test': {
    200: async (from) => from.operator.post(`/admin/channels/${await newId(from, { url: await closedPortUrl() })}/test`).send({ model: 'm' }),
  },
  'GET /admin/channels/export': { 200: ({ operator }) => operator.get('/admin/channels/export') },
  'POST /admin/channels/import': {
    200: ({ operator }) => operator.post('/admin/channels/import').attach('file', Buffer.from(`${csvHead}a,sk,https://a.example,m\nb,sk,nowhere,m\n`), 'a.csv'),
    400: ({ operator }) => operator.post('/admin/channels/import').attach('file', Buffer.from('name,url\n'), 'a.csv'),
    413: ({ operator }) => operator.post('/admin/channels/import').attach('file', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), 'a.csv'),
  },
  'GET /admin/events': {
    // It never ends by itself, so its head has to be enough.
    200: ({ operator }) =>
      operator.get('/admin/events').parse((stream, take) => {
        take(null, '');
        stream.on('error', () => undefined);
        (stream as unknown as Readable).destroy();
      }),
  },
  'GET /metrics': {
    200: ({ anonymous }) => anonymous.get('/metrics'),
    401: async () => (await startAdmin({ CCLOAD_METRICS_TOKEN: 'secret' })).anonymous.get('/metrics'),
  },
  'GET /admin/logs': { 200: ({ operator }) => operator.get('/admin/logs') },
  'GET /admin/errors': { 200: ({ operator }) => operator.get('/admin/errors?hours=1&limit=1') },
  'GET /admin/metrics': { 200: ({ operator }) => operator.get('/admin/metrics?hours=1&bucket_min=5') },
  'GET /admin/stats': { 200: ({ operator }) => operator.get('/admin/stats') },
  'GET /admin/audit': { 200: ({ operator }) => operator.get('/admin/audit?limit=3') },
};

/** Met only where something is broken or overrun; the specs of those parts go there. */
const seldom = new Set(['429', '503', 'default']);

const verdictOn = (name: string, { status, headers, body, text }: Response): string | undefined => {
  const mediaType = headers['content-type']?.split(';')[0];
  return check.problem(name, status, mediaType, mediaType === 'application/json' ? body : (text ?? ''));
};

const parts = (name: string): readonly [method: string, path: string] => {
  const [method = '', path = ''] = name.split(' ');
  return [method.toLowerCase(), path];
};

/** Calls an operation by its name, with another id, or with headers or a body that it must refuse. */
const callOf = (from: AdminUnderTest['anonymous'], name: string, id: string): Test => {
  const [method, template] = parts(name);
  const path = template.replace('{id}', id);
  if (method === 'get') return from.get(path);
  if (method === 'post') return from.post(path);
  if (method === 'put') return from.put(path);
  return from.delete(path);
};

const readsJson = (operation: Operation): boolean => '415' in operation.responses;
const unknownId = '999999';

/** Refusals that follow from what is described. */
const guesses = (name: string, operation: Operation): readonly (readonly [status: string, call: () => Test])[] => [
  ...(operation.security === undefined ? [] : [['401', () => callOf(admin.anonymous, name, unknownId)] as const]),
  ...('403' in operation.responses
    ? [['403', () => callOf(admin.operator, name, unknownId).set('Sec-Fetch-Site', 'cross-site')] as const]
    : []),
  ...(name.includes('{id}') ? [['400', () => callOf(admin.operator, name, 'one')] as const] : []),
  ...(name.includes('{id}') && !readsJson(operation) ? [['404', () => callOf(admin.operator, name, unknownId)] as const] : []),
  ...(readsJson(operation)
    ? [
        ['400', () => callOf(admin.operator, name, unknownId).send({ nobody_knows_this: 1 })] as const,
        ['400', () => callOf(admin.operator, name, unknownId).type('json').send('{"half":')] as const,
        ['413', () => callOf(admin.operator, name, unknownId).send({ name: 'x'.repeat(1024 * 1024) })] as const,
        ['415', () => callOf(admin.operator, name, unknownId).type('text/plain').send('name=x')] as const,
      ]
    : []),
  ...(operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => ['400', () => callOf(admin.operator, name, unknownId).query({ [parameter.name]: ['\u0000', 'x'] })] as const),
];

describe('every route', () => {
  /** Files that the page at /docs is made of. */
  const files = ['GET /docs/start.js', 'GET /docs/swagger-ui-bundle.js', 'GET /docs/swagger-ui.css'];
  /** Pages are for people: docs/DESIGN.md tells of them. */
  const isPage = (route: string): boolean => / \/web(\/|$)/.test(route);
  const routes = routesOf(admin.app);

  it('is described, and nothing is described that is no route', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(routes.filter((route) => !files.includes(route) && !isPage(route)).sort());
  });

  it('is called by this spec', () => {
    expect(ours.map(([name]) => name).filter((name) => !(name in calls))).toEqual([]);
  });

  it.each(ours)('says of itself what a reader needs: %s', (_name, operation) => {
    expect(operation.summary ?? '').not.toBe('');
    expect(operation.tags).toHaveLength(1);
    const answers = Object.entries(operation.responses);
    expect(answers.filter(([, { description: words }]) => words === '')).toEqual([]);
    expect(answers.filter(([, { content }]) => Object.values(content ?? {}).some(({ schema }) => schema === undefined))).toEqual([]);
    expect(answers.filter(([status]) => status.startsWith('2'))).not.toEqual([]);
  });

  it.each(ours.filter(([name]) => name.includes(' /admin')))('under /admin wants a session, and says so: %s', (_name, { security, responses }) => {
    expect(security).toEqual([{ cookie: [] }]);
    expect(Object.keys(responses)).toContain('401');
  });
});

/** Whoever sends a body that cannot be used is not told whether the id is known. */
const withUsableBodies: readonly (readonly [name: string, body: object])[] = [
  ['PUT /admin/channels/{id}', { enabled: true }],
  ['POST /admin/channels/{id}/cooldown', { duration_ms: 60_000 }],
  ['POST /admin/channels/{id}/test', { model: 'm' }],
];

describe('an answer is as described', () => {
  const told = Object.entries(calls).flatMap(([name, byStatus]) => Object.entries(byStatus).map(([status, call]) => ({ name, status, call })));
  it.each(told)('$name $status', async ({ name, status, call }) => {
    const answer = await call(admin);
    expect([answer.status, verdictOn(name, answer)]).toEqual([Number(status), undefined]);
  });

  const guessed = ours.flatMap(([name, operation]) => guesses(name, operation).map(([status, call], index) => ({ name, status, call, index })));
  it.each(guessed)('$name $status (refusal $index)', async ({ name, status, call }) => {
    const answer = await call();
    expect([answer.status, verdictOn(name, answer)]).toEqual([Number(status), undefined]);
  });

  it('for every status that is described, save those of a broken or overrun gateway', () => {
    const met = new Set([...told, ...guessed].map(({ name, status }) => `${name} ${status}`));
    for (const [name] of withUsableBodies) met.add(`${name} 404`);
    const described = ours.flatMap(([name, { responses }]) => Object.keys(responses).filter((status) => !seldom.has(status)).map((status) => `${name} ${status}`));
    expect(described.filter((answer) => !met.has(answer))).toEqual([]);
  });

  it.each(withUsableBodies)('%s 404, with a body that could be used', async (name, body) => {
    const answer = await callOf(admin.operator, name, unknownId).send(body);
    expect([answer.status, verdictOn(name, answer)]).toEqual([404, undefined]);
  });

  it('while the gateway shuts down', async () => {
    const other = await startAdmin();
    other.app.get(Readiness).beginDraining();
    expect(verdictOn('GET /ready', await other.anonymous.get('/ready').expect(503))).toBeUndefined();
  });

  it('to whoever guesses passwords for too long', async () => {
    const other = await startAdmin();
    for (let failure = 0; failure < 5; failure += 1) await other.anonymous.post('/login').send({ password: 'guess' }).expect(401);
    const answer = await other.anonymous.post('/login').send({ password });
    expect([answer.status, verdictOn('POST /login', answer), Number(answer.headers['retry-after']) > 0]).toEqual([429, undefined, true]);
  });
});

describe('the check of the answers', () => {
  it.each([
    ['GET /health', 200, { status: 'ok', more: 1 }],
    ['GET /health', 200, {}],
    ['GET /health', 418, { status: 'ok' }],
    ['GET /nowhere', 200, {}],
    ['GET /admin/channels', 200, { success: true, data: [{ id: 1 }] }],
    ['GET /admin/channels', 401, { success: true, data: null, error: 'x' }],
  ])('notices what is not as described: %s %i %j', (name, status, body) => {
    expect(check.problem(name, status, 'application/json', body)).toEqual(expect.any(String));
  });
});

describe('the page at /docs', () => {
  it('loads nothing from elsewhere and nothing that stands in the page itself', async () => {
    const { text, headers } = await admin.anonymous.get('/docs').expect(200);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect([...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target = '']) => target).filter((target) => !/^(\/docs\/|data:,$)/.test(target))).toEqual([]);
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
  });

  it.each(['/docs/start.js', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css'])('has its file %s', async (path) => {
    const { headers } = await admin.anonymous.get(path).expect(200);
    expect(headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/);
  });

  it.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui-bundle.js.map', '/docs/'.concat('a'.repeat(9_000))])(
    'has no file %s',
    async (path) => {
      expect([404, 400]).toContain((await admin.anonymous.get(path)).status);
    },
  );
});

describe('the description', () => {
  it('is OpenAPI 3.1 with schemas that all exist', () => {
    const names = new Set(Object.keys(description.components.schemas));
    const mentioned = [...JSON.stringify(description).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);
    expect(description.openapi).toBe('3.1.0');
    expect(description.info.version).toBe(programVersion());
    expect(mentioned.filter((name) => !names.has(name))).toEqual([]);
  });

  it('does not change with what is in the gateway', async () => {
    await admin.operator.post('/admin/channels').send(aChannel({ name: 'a channel of ours' })).expect(201);
    expect((await admin.anonymous.get('/docs/json')).body).toEqual(description);
  });
});
