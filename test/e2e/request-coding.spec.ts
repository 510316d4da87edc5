import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRaw, send, type Answer } from '../support/client.js';
import { rowFor, shapeProblem } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODY_BYTES: '100000' } });
});
afterAll(() => gateway.end());

const row = rowFor('responses', true);
const bearer = ['Authorization', `Bearer ${clientToken}`] as const;

const sendCoded = (coding: string, body: Buffer): ReturnType<typeof send> =>
  send(gateway.port, { path: row.path, headers: [bearer, ['Content-Encoding', coding]], body });

describe('a request body with a content coding', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('(%s) is read for its model and relayed as it came', async (coding, compress) => {
    const upstream = await gateway.upstream(row.answers('only'));
    const { model } = await gateway.serve(upstream.url);
    const body = compress(Buffer.from(row.request(model)));

    const answer = await sendCoded(coding, body);

    expect(answer).toMatchObject({ status: 200, text: row.answerText('only') });
    expect(upstream.requests[0]?.body.equals(body)).toBe(true);
    expect(upstream.requests[0]?.headerLines).toContainEqual(`Content-Encoding: ${coding}`);
  });

  it.each([
    ['that is not known is refused with 415 and what would be', 'compress', Buffer.from('x'), 415],
    ['that it does not have is refused with 400', 'gzip', Buffer.from('{"model":"m"}'), 400],
    ['that unfolds to more than a body may have is refused with 413', 'gzip', gzipSync(Buffer.alloc(200_000, 32)), 413],
    ['whose content is no JSON object is refused with 400', 'gzip', gzipSync('hello'), 400],
  ] as const)('%s', async (_what, coding, body, status) => {
    const answer = await sendCoded(coding, body);

    expect(answer.status).toBe(status);
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
    if (status === 415) expect(answer.header('accept-encoding')).toBe('gzip, deflate, br, zstd');
  });
});

describe('a WebSocket handshake', () => {
  const handshake = (...lines: readonly string[]): Promise<Answer> => {
    const head = ['GET /v1/responses HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', ...lines];
    return openRaw(gateway.port, [...head, '', ''].join('\r\n')).answer;
  };

  it('is answered with 426, so that Codex falls back to POST without waiting', async () => {
    const answer = await handshake(bearer.join(': '));
    expect(answer.status).toBe(426);
    expect(shapeProblem('responses', answer.text)).toBeUndefined();
  });

  it('without a token is answered with 401 like anything else', async () => {
    expect((await handshake()).status).toBe(401);
  });
});
