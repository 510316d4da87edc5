import http from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryCooldownBook } from '../../src/cooldown/memory-cooldown-book.js';
import type { TestView } from '../../src/channels/test-call/test-answer.js';
import { testRequest } from '../../src/channels/test-call/test-request.js';
import { callUpstream } from '../../src/channels/test-call/upstream-call.js';
import { aChannel, startAdmin, type AdminUnderTest } from '../support/admin-app.js';
import { anthropic } from '../support/dialect-anthropic.js';
import { openai } from '../support/dialect-openai.js';
import { responses } from '../support/dialect-responses.js';
import { closedPortUrl, startTlsUpstream, startUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { chunkedHead, encode, flood, garbage, html, json, openSse, reply, silence, sse, type Script } from '../support/script.js';

const key = 'sk-ant-0123456789-abcd';
const model = 'claude-a';

let admin: AdminUnderTest;
beforeAll(async () => {
  admin = await startAdmin();
});

const upstreams = new Set<FakeUpstream>();
afterEach(async () => {
  for (const upstream of upstreams) await upstream.close();
  upstreams.clear();
});

const upstreamOf = async (...scripts: readonly Script[]): Promise<FakeUpstream> => {
  const upstream = await startUpstream(scripts);
  upstreams.add(upstream);
  return upstream;
};
const channelAt = async (url: string, changes: object = {}): Promise<number> =>
  Number((await admin.operator.post('/admin/channels').send(aChannel({ url, ...changes })).expect(201)).body.data.id);
const tried = async (id: number, body: object = {}): Promise<TestView> => {
  const view: TestView = (await admin.operator.post(`/admin/channels/${id}/test`).send({ model, ...body }).expect(200)).body.data;
  return view;
};
const triedAgainst = async (script: Script, body: object = {}): Promise<TestView> => tried(await channelAt((await upstreamOf(script)).url), body);

const languages = [
  ['anthropic', anthropic],
  ['codex', responses],
  ['openai', openai],
] as const;
const tokens = {
  input_tokens: expect.any(Number),
  output_tokens: expect.any(Number),
  cache_read_tokens: expect.any(Number),
  cache_creation_tokens: expect.any(Number),
};

describe('a tested channel', () => {
  it.each(languages)('of type %s answers whole', async (channel_type, language) => {
    const view = await triedAgainst(json(200, language.body('hello')), { channel_type });
    expect(view).toEqual({
      success: true,
      status_code: 200,
      duration_ms: expect.any(Number),
      first_byte_ms: expect.any(Number),
      response_text: 'hello Grüße, 世界 👋',
      usage: tokens,
      error: null,
      raw_response: language.body('hello'),
    });
  });

  it.each(languages)('of type %s answers as a stream', async (channel_type, language) => {
    const view = await triedAgainst(sse(language.events('hello')), { channel_type, stream: true });
    expect(view).toMatchObject({ success: true, status_code: 200, response_text: 'hello Grüße, hello 世界 👋 hello', usage: tokens, error: null });
    expect(view.raw_response).toBe(language.events('hello').join(''));
  });

  it.each([
    ['anthropic', '/base/v1/messages', { model, max_tokens: 512, stream: false, messages: [{ role: 'user', content: 'test' }] }, ['2023-06-01']],
    [
      'codex',
      '/base/v1/responses',
      { model, max_output_tokens: 512, stream: false, store: false, input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'test' }] }] },
      [],
    ],
    ['openai', '/base/v1/chat/completions', { model, max_tokens: 512, stream: false, messages: [{ role: 'user', content: 'test' }] }, []],
  ])('of type %s gets what a relayed call would bring', async (channel_type, target, body, versions) => {
    const upstream = await upstreamOf(json(200, '{}'));
    await tried(await channelAt(`${upstream.url}/base/v1/`), { channel_type });
    const request = await upstream.received(1);
    expect(request).toMatchObject({ method: 'POST', target });
    expect(JSON.parse(request.body.toString())).toEqual(body);
    expect(request.values('x-api-key')).toEqual([key]);
    expect(request.values('authorization')).toEqual([`Bearer ${key}`]);
    expect(request.values('host')).toEqual([upstream.url.replace('http://', '')]);
    expect(request.values('anthropic-version')).toEqual(versions);
    expect(request.values('cookie')).toEqual([]);
  });

  it('is asked what the operator says', async () => {
    const upstream = await upstreamOf(json(200, '{}'));
    await tried(await channelAt(upstream.url), { model: 'not in its list', max_tokens: 1, content: 'Ping\n?', channel_type: 'openai', stream: true });
    expect(JSON.parse((await upstream.received(1)).body.toString())).toEqual({
      model: 'not in its list',
      max_tokens: 1,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Ping\n?' }],
    });
  });

  it('can be a disabled or a cooling one, and goes on cooling', async () => {
    const id = await channelAt((await upstreamOf(json(200, anthropic.body('x')))).url, { enabled: false });
    await admin.operator.post(`/admin/channels/${id}/cooldown`).send({ duration_ms: 60_000 }).expect(200);
    expect((await tried(id)).success).toBe(true);
    expect(admin.app.get(MemoryCooldownBook).standing(id, model, Date.now()).kind).toBe('cooling');
  });

  it('does not begin to cool when it fails', async () => {
    const id = await channelAt((await upstreamOf(json(429, '{"error":{"message":"slow down"}}'))).url);
    expect((await tried(id)).success).toBe(false);
    expect(admin.app.get(MemoryCooldownBook).standing(id, model, Date.now()).kind).toBe('open');
  });
});

describe('a failing channel', () => {
  const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
  it.each([
    ['refuses', json(401, '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'), 401, 'status 401: invalid x-api-key'],
    ['refuses without a reason', reply(500, []), 500, 'status 500: the upstream gives no reason'],
    ['refuses with a page', html(503), 503, 'status 503: the upstream gives no reason'],
    ['redirects', reply(302, [['location', 'http://127.0.0.1:1/v1/messages']]), 302, 'status 302: the upstream redirects, and redirects are not followed'],
    ['answers 200 with an error', json(200, '{"error":{"message":"no balance"}}'), 200, 'no balance'],
    ['answers with a page', html(200), 200, 'what came is no answer: html'],
    ['answers with nothing', reply(200, [['content-type', 'application/json']]), 200, 'what came is no answer: empty'],
    ['streams an error', sse([event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })]), 200, 'Overloaded'],
    ['streams nothing', sse([]), 200, 'what came is no answer: empty'],
    ['ends a stream too soon', sse(anthropic.events('x').slice(0, 4)), 200, 'the answer ended before it was complete'],
    ['breaks a stream off', openSse(anthropic.events('x').slice(0, 4)).reset(), 200, 'the connection failed: '],
    ['resets at once', silence().reset(), null, 'the connection failed: ECONNRESET'],
    ['speaks something else', garbage('SSH-2.0-OpenSSH_9.6\r\n'), null, 'the connection failed: '],
  ])('that %s is told so', async (_what, script, status_code, error) => {
    const view = await triedAgainst(script, { stream: true });
    expect(view).toMatchObject({ success: false, status_code, error: expect.stringContaining(error) });
  });

  it('that redirects is not followed', async () => {
    const elsewhere = await upstreamOf(json(200, anthropic.body('x')));
    await triedAgainst(reply(307, [['location', `${elsewhere.url}/v1/messages`]]));
    expect(elsewhere.requests).toEqual([]);
  });

  it('that nobody serves is told so', async () => {
    expect(await tried(await channelAt(await closedPortUrl()))).toMatchObject({
      success: false,
      status_code: null,
      first_byte_ms: null,
      error: 'the connection failed: ECONNREFUSED',
      raw_response: '',
    });
  });

  it('whose certificate nobody vouches for never sees the key', async () => {
    const upstream = await startTlsUpstream([json(200, anthropic.body('x'))]);
    upstreams.add(upstream);
    const view = await tried(await channelAt(upstream.url));
    expect(view).toMatchObject({ success: false, error: expect.stringMatching(/^the certificate cannot be trusted: /) });
    expect(upstream.requests).toEqual([]);
  });

  it.each([
    ['before its head', silence()],
    ['after its head', chunkedHead(200, [['content-type', 'application/json']]).chunk('{').stall()],
    ['in a stream that trickles', openSse(Array.from({ length: 400 }, () => ': still here\n\n'), { gapMs: 20 }).stall()],
  ])('that stalls %s is left when the time is over', async (_what, script) => {
    const upstream = await upstreamOf(script);
    const id = await channelAt(upstream.url);
    const channel = await admin.database.remote('channels').find(id);
    if (channel === undefined) throw new Error('there is no channel');
    const request = testRequest(channel, { model, maxTokens: 5, stream: true, content: 'x', type: 'anthropic' });
    const received = await callUpstream(request, 300);
    expect(received.end).toEqual({ broke: expect.stringContaining('there was no complete answer within') });
    expect(received.durationMs).toBeLessThan(2_000);
    await upstream.hungUp(0);
  });
});

describe('the call of a test', () => {
  it('uses no agent of everybody, to whom the environment can give a proxy', async () => {
    const { url } = await upstreamOf(json(200, anthropic.body('direct')));
    const { globalAgent } = http;
    http.globalAgent = new http.Agent();
    http.globalAgent.createConnection = () => {
      throw new Error('the agent of everybody was used');
    };
    try {
      expect(await callUpstream({ url, path: '/', dialect: 'anthropic', headers: {}, body: '{}' })).toMatchObject({ status: 200, end: 'whole' });
    } finally {
      http.globalAgent = globalAgent;
    }
  });
});

describe('what is shown of an answer', () => {
  it('is bounded, however much comes', async () => {
    const sent = { bytes: 0 };
    const view = await triedAgainst(flood(64 * 1024 * 1024, sent));
    expect(Buffer.byteLength(view.raw_response)).toBe(64 * 1024);
    expect(sent.bytes).toBeLessThan(16 * 1024 * 1024);
  });

  it('is cut between characters', async () => {
    const view = await triedAgainst(json(200, `{"content":[{"text":"a${'世'.repeat(60_000)}"}]}`));
    expect(Buffer.byteLength(view.raw_response)).toBeLessThanOrEqual(64 * 1024);
    expect(view.raw_response).not.toContain('\uFFFD');
    expect(view.success).toBe(true);
  });

  it.each([
    ['in its refusal', json(401, `{"error":{"message":"bad key ${key}"}}`)],
    ['in its answer', json(200, `{"content":[{"type":"text","text":"you sent ${key}"}]}`)],
    ['in its stream', sse([`data: {"type":"content_block_delta","delta":{"text":"${key}"}}\n\n`])],
    ['in an event of error', sse([`event: error\ndata: {"type":"error","error":{"type":"x","message":"${key}"}}\n\n`])],
    ['at the edge of what is shown', json(200, `{"x":"${'y'.repeat(64 * 1024 - 6 - 10)}${key}"}`)],
    ['on a page', html(200, `<html>${key}</html>`)],
  ])('has no key in it when the upstream repeats it %s', async (_what, script) => {
    const shown = JSON.stringify(await triedAgainst(script));
    expect(shown).not.toContain(key);
    expect(shown).not.toContain(key.slice(0, 12));
  });

  it.each(['gzip', 'br'] as const)('is decoded from %s', async (coding) => {
    const headers = [['content-type', 'application/json'], ['content-encoding', coding]] as const;
    const view = await triedAgainst(reply(200, headers, encode(coding, anthropic.body('x'))));
    expect(view).toMatchObject({ success: true, response_text: 'x Grüße, 世界 👋' });
  });

  it('is bounded also when little becomes much', async () => {
    const headers = [['content-type', 'application/json'], ['content-encoding', 'gzip']] as const;
    const view = await triedAgainst(reply(200, headers, encode('gzip', ' '.repeat(50_000_000))));
    expect(Buffer.byteLength(view.raw_response)).toBe(64 * 1024);
  });

  it('is nothing when it claims a coding that it does not have', async () => {
    const headers = [['content-type', 'application/json'], ['content-encoding', 'gzip']] as const;
    expect(await triedAgainst(reply(200, headers, anthropic.body('x')))).toMatchObject({ success: false, error: expect.stringContaining('Z_DATA_ERROR') });
  });

  it('is JSON, whatever markup the upstream sends', async () => {
    const id = await channelAt((await upstreamOf(html(500, '<script>alert(1)</script>'))).url);
    const answer = await admin.operator.post(`/admin/channels/${id}/test`).send({ model }).expect(200);
    expect(answer.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(answer.body.data.raw_response).toBe('<script>alert(1)</script>');
  });
});

describe('a test', () => {
  it.each([
    [{}, 'model must be text of 1 to 256 characters without control characters'],
    [{ model: '' }, 'model must be text of 1 to 256 characters without control characters'],
    [{ model: 'a\nb' }, 'model must be text of 1 to 256 characters without control characters'],
    [{ model: 'm'.repeat(257) }, 'model must be text of 1 to 256 characters without control characters'],
    [{ model, max_tokens: 0 }, 'max_tokens must be a whole number from 1 to 100000'],
    [{ model, max_tokens: '5' }, 'max_tokens must be a whole number from 1 to 100000'],
    [{ model, stream: 'yes' }, 'stream must be true or false'],
    [{ model, content: '' }, 'content must be text of 1 to 10000 characters'],
    [{ model, content: 'x'.repeat(10_001) }, 'content must be text of 1 to 10000 characters'],
    [{ model, channel_type: 'gemini' }, 'channel_type must be one of anthropic, codex, openai'],
    [{ model, channel_type: '__proto__' }, 'channel_type must be one of anthropic, codex, openai'],
    [{ model, url: 'https://evil.example' }, 'url is not a known field'],
  ])('of %j is refused', async (body, error) => {
    const id = await channelAt('http://127.0.0.1:1');
    const answer = await admin.operator.post(`/admin/channels/${id}/test`).send(body).expect(400);
    expect(answer.body).toEqual({ success: false, data: null, error });
  });

  it('of a channel that is not there, or by a stranger, is refused', async () => {
    await admin.operator.post('/admin/channels/999999/test').send({ model }).expect(404);
    await admin.anonymous.post('/admin/channels/1/test').send({ model }).expect(401);
    await admin.operator.post('/admin/channels/1/test').set('Origin', 'https://evil.example').send({ model }).expect(403);
  });

  it('waits its turn when eight others run', async () => {
    const upstream = await upstreamOf(silence());
    const id = await channelAt(upstream.url);
    const running = Array.from({ length: 8 }, () => admin.operator.post(`/admin/channels/${id}/test`).send({ model }).then((answer) => answer.status));
    await upstream.received(8);
    const answer = await admin.operator.post(`/admin/channels/${id}/test`).send({ model }).expect(503);
    expect(answer.get('Retry-After')).toBe('1');
    await upstream.close();
    upstreams.delete(upstream);
    expect(await Promise.all(running)).toEqual(Array.from({ length: 8 }, () => 200));
  });
});
