import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRaw, send } from '../support/client.js';
import { rowFor, shapeProblem, wholeRows } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODY_BYTES: '2000' } });
});
afterAll(() => gateway.end());

const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;
const head = (path: string, ...lines: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${clientToken}`, ...lines, '', ''].join('\r\n');

const unreadable: readonly (readonly [string, string])[] = [
  ['is empty', ''],
  ['is not JSON', 'hello'],
  ['is an array', '["model"]'],
  ['is a string', '"model"'],
  ['has no model', '{"messages":[]}'],
  ['has a model only further inside', '{"metadata":{"model":"m"}}'],
  ['has a number as model', '{"model":4}'],
  ['has null as model', '{"model":null}'],
  ['misses a comma', '{"model":"m" "stream":true}'],
  ['misses a colon', '{"model" "m"}'],
  ['has an unquoted key', '{model:"m"}'],
  ['is not closed', '{"model":"m"'],
  ['goes on after its end', '{"model":"m"} {}'],
];

describe.each(wholeRows)('a model call ($dialect)', (row) => {
  it.each(unreadable)('whose body %s is refused with 400 in the shape of the dialect', async (_what, body) => {
    const answer = await send(gateway.port, { path: row.path, headers: bearer, body });

    expect(answer).toMatchObject({ status: 400, isComplete: true });
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
  });

  it('for a model that nobody serves is refused with 503 and a reason, and is logged', async () => {
    const answer = await send(gateway.port, { path: row.path, headers: bearer, body: row.request('no-such-model') });

    expect(answer.status).toBe(503);
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
    expect(answer.text).toContain('no-such-model');
    // Claude Code would repeat it for minutes otherwise.
    expect(answer.header('x-should-retry')).toBe('false');
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records).toMatchObject([{ final: true, model: 'no-such-model', status_code: 503, channel_id: null }]);
  });

  it('for a model whose channels are all disabled says so', async () => {
    const model = gateway.newModel();
    await gateway.admin.addChannel({ url: 'http://127.0.0.1:9', models: [model], enabled: false });

    const answer = await send(gateway.port, { path: row.path, headers: bearer, body: row.request(model) });

    expect(answer.status).toBe(503);
    expect(answer.text).toContain('disabled');
  });

  it.each([
    ['announces', (body: string) => head(row.path, `Content-Length: ${body.length}`)],
    ['announces, and sends,', (body: string) => head(row.path, `Content-Length: ${body.length}`) + body],
    ['sends in chunks', (body: string) => `${head(row.path, 'Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
  ])('that %s more than MAX_BODY_BYTES is refused with 413', async (_how, bytes) => {
    const body = JSON.stringify({ model: 'm', padding: 'x'.repeat(3_000) });

    const answer = await openRaw(gateway.port, bytes(body)).answer;

    expect(answer).toMatchObject({ status: 413, isComplete: true });
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('by %s is refused with 405, naming the method that is allowed', async (method) => {
    const answer = await send(gateway.port, { method, path: row.path, headers: bearer });

    expect(answer.status).toBe(405);
    expect(answer.header('allow')).toContain('POST');
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
  });
});

describe('the gateway', () => {
  it.each([
    ['no HTTP at all', 'NONSENSE\r\n\r\n'],
    ['a header without a colon', 'POST /v1/messages HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n'],
    ['two lengths that disagree', head('/v1/messages', 'Content-Length: 3', 'Content-Length: 4') + 'abcd'],
    ['a length beside chunks', `${head('/v1/messages', 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ])('answers %s with 400 and closes the connection', async (_what, bytes) => {
    const answer = await openRaw(gateway.port, bytes).answer;
    expect(answer.status).toBe(400);
  });

  it('goes on serving after all of this', async () => {
    const row = rowFor('anthropic', false);
    const upstream = await gateway.upstream(json(200, row.body('fine')));
    const { model } = await gateway.serve(upstream.url);

    const answer = await send(gateway.port, { path: row.path, headers: bearer, body: row.request(model) });

    expect(answer).toMatchObject({ status: 200, text: row.body('fine') });
  });

  it('refuses a channel whose URL has no scheme', async () => {
    const channel = { name: 'schemeless', api_key: 'k', url: 'api.anthropic.com', models: ['m'] };
    const answer = await gateway.admin.request('POST', '/admin/channels', channel);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('http');
  });
});
