import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelKey } from '../support/admin-client.js';
import { send, type Answer } from '../support/client.js';
import type { ReceivedRequest } from '../support/fake-upstream.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { reply, type HeaderLines, type Script } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const ok = reply(200, [['content-type', 'application/json']], '{"ok":true}');

interface Seen {
  readonly request: ReceivedRequest;
  readonly answer: Answer;
  readonly upstreamPort: number;
}

const exchange = async (headers: HeaderLines, script: Script = ok, path = '/v1/chat/completions'): Promise<Seen> => {
  const upstream = await gateway.upstream(script);
  const { model } = await gateway.serve(upstream.url);
  const answer = await send(gateway.port, { path, headers, body: JSON.stringify({ model }) });
  return { request: await upstream.received(1), answer, upstreamPort: upstream.port };
};

const bearer = ['Authorization', `Bearer ${clientToken}`] as const;

describe('request headers', () => {
  it('pass in order, with their duplicates', async () => {
    const passing = [
      ['User-Agent', 'claude-cli/2.0.1 (external, cli)'],
      ['X-Dup', 'one'],
      ['accept', 'text/event-stream'],
      ['X-Dup', 'two'],
      ['anthropic-beta', 'a,b'],
    ] as const;
    const { request } = await exchange([bearer, ...passing]);

    const names = new Set(['user-agent', 'x-dup', 'accept', 'anthropic-beta']);
    const lines = request.headerLines.filter((line) => names.has(line.split(':')[0]?.toLowerCase() ?? ''));
    expect(lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))).toEqual(
      passing.map(([name, value]) => `${name.toLowerCase()}: ${value}`),
    );
  });

  it('that belong to the connection do not pass, nor those that Connection names', async () => {
    const { request } = await exchange([
      bearer,
      ['Connection', 'close, X-Private'],
      ['X-Private', 'secret of this hop'],
      ['Keep-Alive', 'timeout=5'],
      ['TE', 'trailers'],
      ['Proxy-Connection', 'keep-alive'],
      ['Proxy-Authorization', 'Basic eA=='],
      ['Upgrade', 'h2c'],
    ]);

    for (const name of ['x-private', 'keep-alive', 'te', 'proxy-connection', 'proxy-authorization', 'upgrade']) {
      expect([name, request.values(name)]).toEqual([name, []]);
    }
    expect(request.values('connection')).not.toContain('close, X-Private');
  });

  it('say which gateways they came through, and nothing else of ours', async () => {
    const { request } = await exchange([bearer, ['X-CCLoad-Hops', 'another-gateway']]);
    expect(request.values('x-ccload-hops')).toEqual(['another-gateway', expect.stringMatching(/^[\w-]{24}$/)]);
    expect(request.headerLines.filter((line) => /ccload/i.test(line))).toHaveLength(2);
  });

  it('name the host of the channel, once', async () => {
    const { request, upstreamPort } = await exchange([bearer]);
    expect(request.values('host')).toEqual([`127.0.0.1:${upstreamPort}`]);
  });

  it('carry the accepted encodings exactly as the client sent them, or none', async () => {
    const some = await exchange([bearer, ['Accept-Encoding', 'zstd, gzip;q=0.5, br']]);
    const none = await exchange([bearer]);
    expect(some.request.values('accept-encoding')).toEqual(['zstd, gzip;q=0.5, br']);
    expect(none.request.values('accept-encoding')).toEqual([]);
  });

  it('frame the body exactly once', async () => {
    const { request } = await exchange([bearer]);
    expect(request.values('content-length')).toEqual([String(request.body.length)]);
    expect(request.values('transfer-encoding')).toEqual([]);
  });
});

describe('credentials', () => {
  it.each([
    ['Authorization', `Bearer ${clientToken}`],
    ['authorization', `bearer ${clientToken}`],
    ['X-Api-Key', clientToken],
  ])('of the client in %s are replaced by the key of the channel', async (name, value) => {
    const { request } = await exchange([[name, value], ['Cookie', 'session=of-the-client']]);

    expect(request.values('authorization')).toEqual([`Bearer ${channelKey}`]);
    expect(request.values('x-api-key')).toEqual([channelKey]);
    expect(request.values('cookie')).toEqual([]);
    expect(request.headerLines.join('\n')).not.toContain(clientToken);
  });

  it('that the client sent twice, in both ways, never reach the upstream', async () => {
    const { request } = await exchange([bearer, ['x-api-key', clientToken], ['Authorization', `Bearer ${clientToken}`]]);
    expect(request.headerLines.join('\n')).not.toContain(clientToken);
  });
});

describe('anthropic-version', () => {
  it('is added for the Anthropic dialect when the client sent none', async () => {
    const { request } = await exchange([bearer], ok, '/v1/messages');
    expect(request.values('anthropic-version')).toEqual(['2023-06-01']);
  });

  it('is left as the client sent it', async () => {
    const { request } = await exchange([bearer, ['anthropic-version', '2024-10-22']], ok, '/v1/messages');
    expect(request.values('anthropic-version')).toEqual(['2024-10-22']);
  });

  it('is not added for other dialects', async () => {
    const { request } = await exchange([bearer]);
    expect(request.values('anthropic-version')).toEqual([]);
  });
});

describe('response headers', () => {
  it('pass in order, with their duplicates; those of the connection do not', async () => {
    const passing: HeaderLines = [
      ['Date', 'Sat, 27 Sep 2025 08:19:02 GMT'],
      ['Content-Type', 'application/json'],
      ['Warning', '199 - "one"'],
      ['request-id', 'req_1'],
      ['Warning', '199 - "two"'],
      ['anthropic-ratelimit-requests-remaining', '49'],
    ];
    const ofTheHop: HeaderLines = [['Connection', 'keep-alive, X-Private'], ['X-Private', '1'], ['Keep-Alive', 'timeout=60'], ['Proxy-Authenticate', 'Basic']];
    const { answer } = await exchange([bearer], reply(200, [...passing, ...ofTheHop], '{"ok":true}'));

    const added = /^(x-ccload-|connection:|keep-alive:|content-length:|transfer-encoding:)/i;
    const lines = answer.headerLines.filter((line) => !added.test(line));
    expect(lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))).toEqual(
      passing.map(([name, value]) => `${name.toLowerCase()}: ${value}`),
    );
    expect(answer.values('keep-alive')).not.toContain('timeout=60');
  });

  it('of the gateway name the request, the channel and the number of attempts', async () => {
    const failing = await gateway.upstream(reply(500, [], ''));
    const healthy = await gateway.upstream(reply(200, [['x-ccload-channel', 'forged'], ['content-type', 'application/json']], '{"ok":true}'));
    const { model, ids } = await gateway.serve(failing.url, healthy.url);

    const answer = await send(gateway.port, { path: '/v1/chat/completions', headers: [bearer], body: JSON.stringify({ model }) });

    expect(answer.values('x-ccload-request-id')).toEqual([expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)]);
    expect(answer.values('x-ccload-channel')).toEqual([String(ids[1])]);
    expect(answer.values('x-ccload-attempts')).toEqual(['2']);
  });
});
