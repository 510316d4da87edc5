import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswerCheck, type Description } from '../support/api-contract.js';
import { send, type Answer, type Ask } from '../support/client.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';

/* The model calls are described by hand; what the gateway says in its own name is held to that here. */

let gateway: Gateway;
let check: AnswerCheck;
beforeAll(async () => {
  gateway = await startGateway({ env: { MAX_BODY_BYTES: '10000' } });
  await gateway.admin.addChannel({ url: 'http://127.0.0.1:9', models: ['unreachable'] });
  const { text } = await send(gateway.port, { method: 'GET', path: '/docs/json' });
  check = new AnswerCheck(JSON.parse(text) as Description);
});
afterAll(() => gateway.end());

const token = ['Authorization', `Bearer ${clientToken}`] as const;
const asking = (model: string): string => JSON.stringify({ model });

const verdictOn = (name: string, { status, header, text }: Answer): string | undefined => {
  const mediaType = header('content-type')?.split(';')[0];
  return check.problem(name, status, mediaType, JSON.parse(text));
};

type Refusal = readonly [what: string, status: number, ask: Omit<Ask, 'path'>];
const refusals: readonly Refusal[] = [
  ['no token', 401, { body: asking('m') }],
  ['a wrong token', 401, { headers: [['x-api-key', 'wrong']], body: asking('m') }],
  ['no model', 400, { headers: [token], body: '{}' }],
  ['no JSON', 400, { headers: [token], body: 'model=m' }],
  ['another method', 405, { method: 'DELETE', headers: [token] }],
  ['a body that is too large', 413, { headers: [token], body: asking('x'.repeat(10_001)) }],
  ['a coding nobody reads', 415, { headers: [token, ['content-encoding', 'x-unknown']], body: asking('m') }],
  ['a model that nobody serves', 503, { headers: [token], body: asking('nobody serves this') }],
];

const paths = ['/v1/messages', '/v1/messages/count_tokens', '/v1/responses', '/v1/chat/completions'];
const asked = paths.flatMap((path) => refusals.map(([what, status, ask]) => ({ path, what, status, ask })));

describe('a refusal of the gateway is as described', () => {
  it.each(asked)('$path: $what, $status', async ({ path, status, ask }) => {
    const answer = await send(gateway.port, { path, ...ask });
    expect([answer.status, verdictOn(`POST ${path}`, answer)]).toEqual([status, undefined]);
  });

  it('when no channel answers', async () => {
    const answer = await send(gateway.port, { path: '/v1/messages', headers: [token], body: asking('unreachable') });
    expect([answer.status, verdictOn('POST /v1/messages', answer)]).toEqual([502, undefined]);
  });

  it('on a path that is not named', async () => {
    const answer = await send(gateway.port, { path: '/v1/embeddings', body: asking('m') });
    expect(verdictOn('POST /v1/{path}', answer)).toBeUndefined();
  });
});

describe('the list of models is as described', () => {
  it.each([
    [200, [token]],
    [200, [token, ['anthropic-version', '2023-06-01'] as const]],
    [401, []],
    [401, [['anthropic-version', '2023-06-01'] as const]],
  ])('%i with %j', async (status, headers) => {
    const answer = await send(gateway.port, { method: 'GET', path: '/v1/models', headers });
    expect([answer.status, verdictOn('GET /v1/models', answer)]).toEqual([status, undefined]);
  });
});
