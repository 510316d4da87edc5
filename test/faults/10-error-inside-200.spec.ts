import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor, rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectNobodyElseAsked, expectSecondServed, pass } from '../support/passage.js';
import { chunkedHead, encode, json, reply } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const cases = rows.flatMap((row) => row.disguises.map(([type, status]) => ({ row, type, status, title: `${type} is ${status}, ${row.title}` })));

describe('an error object inside HTTP 200', () => {
  it.concurrent.each(cases)('is treated as the error it is: $title', async ({ row, type, status }) => {
    const first = await gateway.upstream(json(200, row.errorBody(type, 'no')));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, status);
  });

  it.concurrent.each(cases)('does not reach the client under 200 when there is no other channel: $title', async ({ row, type, status }) => {
    const body = row.errorBody(type, 'no');
    const only = await gateway.upstream(json(200, body));
    const { model } = await gateway.serve(only.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status, isComplete: true, text: body });
    expect(answer.startLine).not.toMatch(/ OK$/);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: status }]);
  });

  const row = rowFor('anthropic', false);
  const overloaded = row.errorBody('overloaded_error', 'Overloaded');

  it('is found in pieces', async () => {
    const pieces = Array.from(Buffer.from(overloaded)).reduce((script, byte) => script.chunk(Buffer.of(byte)), chunkedHead(200, [['content-type', 'application/json']]));
    const first = await gateway.upstream(pieces.lastChunk());
    expectSecondServed(row, await pass(gateway, row, first.url), 529);
  });

  it('is found under any content type', async () => {
    const first = await gateway.upstream(reply(200, [['content-type', 'text/plain']], overloaded));
    expectSecondServed(row, await pass(gateway, row, first.url), 529);
  });

  it.concurrent.each(['gzip', 'br', 'zstd'] as const)('is found inside %s', async (coding) => {
    const headers = [['content-type', 'application/json'], ['content-encoding', coding]] as const;
    const first = await gateway.upstream(reply(200, headers, encode(coding, overloaded)));
    expectSecondServed(row, await pass(gateway, row, first.url), 529);
  });

  it('that blames the request is relayed, and nobody else is asked', async () => {
    const body = row.errorBody('invalid_request_error', 'max_tokens: required');
    const first = await gateway.upstream(json(200, body));
    const passage = await pass(gateway, row, first.url);
    expectNobodyElseAsked(passage, 400);
    expect(passage.answer.text).toBe(body);
    expect(passage.firstCoolsMs).toBe(0);
  });

  it('is not seen where "error" is null or only part of the text', async () => {
    const body = JSON.stringify({ error: null, ...JSON.parse(row.body('the "error": {"type":"overloaded_error"} was')) });
    const first = await gateway.upstream(json(200, body));
    const passage = await pass(gateway, row, first.url);
    expect(passage.answer).toMatchObject({ status: 200, text: body });
    expectNobodyElseAsked(passage, 200);
  });
});
