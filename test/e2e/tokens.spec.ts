import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { shapeProblem, wholeRows } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import type { HeaderLines } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { CCLOAD_AUTH: `${clientToken}, second-token` } });
});
afterAll(() => gateway.end());

const wrong: readonly (readonly [string, HeaderLines])[] = [
  ['no token', []],
  ['a wrong bearer token', [['Authorization', 'Bearer wrong']]],
  ['a wrong API key', [['X-Api-Key', `${clientToken}x`]]],
  ['an empty bearer token', [['Authorization', 'Bearer ']]],
  ['another scheme', [['Authorization', `Basic ${clientToken}`]]],
  ['the token without a scheme', [['Authorization', clientToken]]],
  ['a part of the token', [['X-Api-Key', clientToken.slice(0, -1)]]],
];

const right: readonly (readonly [string, HeaderLines])[] = [
  ['Bearer', [['Authorization', `Bearer ${clientToken}`]]],
  ['bearer', [['Authorization', `bearer ${clientToken}`]]],
  ['BEARER', [['AUTHORIZATION', `BEARER ${clientToken}`]]],
  ['X-Api-Key', [['X-Api-Key', clientToken]]],
  ['x-api-key with the second token', [['x-api-key', 'second-token']]],
];

describe.each(wholeRows)('a model call ($dialect)', (row) => {
  it.concurrent.each(wrong)('with %s is refused with 401 in the shape of the dialect, and reaches nobody', async (_what, headers) => {
    const upstream = await gateway.upstream(row.answers('m'));
    const { model } = await gateway.serve(upstream.url);

    const answer = await send(gateway.port, { path: row.path, headers, body: row.request(model) });

    expect(answer.status).toBe(401);
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
    expect(answer.text).not.toContain(clientToken);
    expect(answer.text).not.toContain('127.0.0.1');
    expect(upstream.requests).toEqual([]);
  });

  it.concurrent.each(right)('with its token as %s is relayed', async (_what, headers) => {
    const upstream = await gateway.upstream(row.answers('m'));
    const { model } = await gateway.serve(upstream.url);

    const answer = await send(gateway.port, { path: row.path, headers, body: row.request(model) });

    expect(answer).toMatchObject({ status: 200, text: row.answerText('m') });
    const [record] = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(record?.token_label ?? '').not.toContain(clientToken);
  });
});
