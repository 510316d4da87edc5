import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { openRaw, send } from '../support/client.js';
import { rows } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { drip, json, reply } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const bearer = [['Authorization', `Bearer ${clientToken}`]] as const;

describe('bytes pass unchanged', () => {
  it.concurrent.each(rows)('in both directions: $title', async (row) => {
    const upstream = await gateway.upstream(row.answers('only'));
    const { model, ids } = await gateway.serve(upstream.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('only') });
    expect(upstream.requests.map(({ method, target, body }) => [method, target, body.toString()])).toEqual([
      ['POST', row.path, row.request(model)],
    ]);
    const [record, ...others] = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      attempt: 1,
      final: true,
      model,
      channel_id: ids[0],
      path: row.path,
      status_code: 200,
      message: '',
      is_streaming: row.streaming,
      input_tokens: row.usage.inputTokens,
      output_tokens: row.usage.outputTokens,
      cache_read_tokens: row.usage.cacheReadTokens,
      cache_creation_tokens: row.usage.cacheCreationTokens,
    });
  });

  it.concurrent.each(rows.filter((row) => row.streaming))('when a stream arrives byte by byte: $title', async (row) => {
    const upstream = await gateway.upstream(drip(row.answerText('slow'), 0).lastChunk());
    const { model } = await gateway.serve(upstream.url);

    const answer = await call(gateway, row, model);

    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('slow') });
  });

  it('when the request is JSON that a serialiser would have written differently', async () => {
    const upstream = await gateway.upstream(json(200, { ok: true }));
    const { model } = await gateway.serve(upstream.url);
    const body = ` {\r\n\t"a" : 1.0e+2, "model":"other","x":"\\u00e9\\/ 👋",\n "model" : "${model}" , "z":[ ]  } \n`;

    const answer = await send(gateway.port, { path: '/v1/chat/completions', headers: bearer, body });

    expect(answer.status).toBe(200);
    expect(upstream.requests[0]?.body.toString()).toBe(body);
  });

  it('when the request body is chunked', async () => {
    const upstream = await gateway.upstream(json(200, { ok: true }));
    const { model } = await gateway.serve(upstream.url);
    const body = `{"model":"${model}","n":1}`;
    const chunked = `${body.slice(0, 5).length.toString(16)}\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;

    const exchange = openRaw(
      gateway.port,
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clientToken}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    );

    expect((await exchange.answer).status).toBe(200);
    expect(upstream.requests[0]?.body.toString()).toBe(body);
  });

  it('when the answer holds every byte there is', async () => {
    const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    const upstream = await gateway.upstream(reply(200, [['content-type', 'audio/mpeg']], everyByte));
    const { model } = await gateway.serve(upstream.url);

    const answer = await send(gateway.port, { path: '/v1/audio/speech', headers: bearer, body: JSON.stringify({ model }) });

    expect(answer.body.equals(everyByte)).toBe(true);
    expect(answer).toMatchObject({ status: 200, isComplete: true });
  });

  it('when a client error comes back', async () => {
    const refusal = '{"error": {"message":"max_tokens: too large","type":"invalid_request_error","param":null,"code":null}}\n';
    const upstream = await gateway.upstream(json(400, refusal, [['x-upstream', '1']]));
    const { model } = await gateway.serve(upstream.url);

    const answer = await send(gateway.port, { path: '/v1/chat/completions', headers: bearer, body: JSON.stringify({ model }) });

    expect(answer).toMatchObject({ status: 400, text: refusal, isComplete: true });
    expect(answer.header('x-upstream')).toBe('1');
  });
});
