import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { openRaw, requestBytes, send } from '../support/client.js';
import { rowFor } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { MessageReader } from '../support/http1.js';
import { json, openSse, sse } from '../support/script.js';
import { until } from '../support/until.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const row = rowFor('openai', false);
const bearer = ['Authorization', `Bearer ${clientToken}`] as const;

describe('a client', () => {
  it('may ask before it sends its body (Expect: 100-continue)', async () => {
    const upstream = await gateway.upstream(row.answers('fine'));
    const { model } = await gateway.serve(upstream.url);
    const body = row.request(model);
    const lines = [`POST ${row.path} HTTP/1.1`, 'Host: x', bearer.join(': '), 'Expect: 100-continue', `Content-Length: ${body.length}`];

    const exchange = openRaw(gateway.port, `${lines.join('\r\n')}\r\n\r\n`);
    await exchange.begun();
    expect(exchange.received().status).toBe(100);
    exchange.leave();

    const direct = await send(gateway.port, { path: row.path, headers: [bearer, ['Expect', '100-continue']], body });
    // The interim answer comes first; the final one follows it on the same connection.
    expect(direct.status).toBe(100);
    const [request] = await Promise.all([upstream.received(1)]);
    expect(request.body.toString()).toBe(body);
    expect(request.values('expect')).toEqual([]);
  });

  it('may send one request after another on one connection, whatever became of the first', async () => {
    const failing = await gateway.upstream(json(422, '{"error":{"message":"no","type":"x"}}'));
    const upstream = await gateway.upstream(row.answers('kept alive'));
    const { model: refused } = await gateway.serve(failing.url);
    const { model } = await gateway.serve(upstream.url);
    const socket = connect(gateway.port, '127.0.0.1');
    const ask = async (path: string, body: string): Promise<MessageReader> => {
      const reader = new MessageReader('response');
      const onData = (bytes: Buffer): void => reader.push(bytes);
      socket.on('data', onData);
      socket.write(requestBytes(gateway.port, { path, headers: [bearer], body }));
      await until('the whole answer', () => (reader.isComplete ? true : undefined));
      socket.off('data', onData);
      return reader;
    };

    const starts = [];
    for (const [path, body] of [
      [row.path, row.request(refused)],
      [row.path, 'not json'],
      ['/v1/messages', '{"model":"unknown"}'],
      [row.path, row.request(model)],
      [row.path, row.request(model)],
    ] as const) {
      const { head, body: text } = await ask(path, body);
      starts.push(head?.startLine.split(' ')[1]);
      if (head?.startLine.includes('200')) expect(text.toString()).toBe(row.body('kept alive'));
    }
    socket.destroy();

    expect(starts).toEqual(['422', '400', '503', '200', '200']);
  });

  it('may speak HTTP/1.0: a stream reaches it whole, and a broken one is not passed off as whole', async () => {
    const streamed = rowFor('anthropic', true);
    const upstream = await gateway.upstream(sse(streamed.events('old')), openSse(streamed.events('old').slice(0, -streamed.endings)).reset());
    const { model } = await gateway.serve(upstream.url);
    const body = streamed.request(model);
    const bytes = `POST ${streamed.path} HTTP/1.0\r\nHost: x\r\n${bearer.join(': ')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

    const whole = await openRaw(gateway.port, bytes).answer;
    const broken = await openRaw(gateway.port, bytes).answer;

    expect(whole).toMatchObject({ status: 200, text: streamed.answerText('old') });
    expect(whole.header('transfer-encoding')).toBeUndefined();
    expect(broken.text).toContain('event: error');
    expect(broken.text).not.toContain('message_stop');
  });

  it('may write the model with escapes, and any letters', async () => {
    const upstream = await gateway.upstream(row.answers('fine'));
    await gateway.admin.addChannel({ url: upstream.url, models: ['Modèle/世界:1'] });
    const body = '{"model":"Mod\\u00e8le\\/\\u4e16界:1","messages":[]}';

    const answer = await send(gateway.port, { path: row.path, headers: [bearer], body });
    const other = await send(gateway.port, { path: row.path, headers: [bearer], body: body.replace('Mod', 'mod') });

    expect(answer.status).toBe(200);
    expect(upstream.requests[0]?.body.toString()).toBe(body);
    expect(other.status).toBe(503);
  });

  it('may send header values that are not ASCII, and they arrive byte by byte', async () => {
    const upstream = await gateway.upstream(json(200, row.body('x'), [['x-from-upstream', Buffer.from('Grüße').toString('latin1')]]));
    const { model } = await gateway.serve(upstream.url);
    const value = Buffer.from('Zürich').toString('latin1');

    const answer = await send(gateway.port, { path: row.path, headers: [bearer, ['X-City', value]], body: row.request(model) });

    expect(answer.status).toBe(200);
    expect(upstream.requests[0]?.values('x-city')).toEqual([value]);
  });

  it('may send 20 MB, and they arrive unchanged at the second channel after the first failed', async () => {
    const first = await gateway.upstream(json(503, '{}'));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'é'.repeat(10_000_000) }], model }));

    const answer = await send(gateway.port, { path: row.path, headers: [bearer], body });

    expect(answer).toMatchObject({ status: 200, text: row.answerText('second') });
    expect(first.requests[0]?.body.equals(body)).toBe(true);
    expect(second.requests[0]?.body.equals(body)).toBe(true);
  });

  it('that puts something secret into the query does not find it in the log', async () => {
    const upstream = await gateway.upstream(row.answers('fine'));
    const { model } = await gateway.serve(upstream.url);
    const answer = await send(gateway.port, { path: `${row.path}?api_key=hush`, headers: [bearer], body: row.request(model) });

    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records[0]?.path).toBe(row.path);
    expect(JSON.stringify(records)).not.toContain('hush');
    expect(gateway.process.output).not.toContain('hush');
  });
});
