import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { call } from '../support/call.js';
import { send } from '../support/client.js';
import { rowFor, rows } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { garbage, head, json, reply } from '../support/script.js';

let gateway: Gateway;
const servers: Server[] = [];
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.end();
  for (const server of servers) server.close();
});

const row = rowFor('anthropic', false);

/** An upstream that answers as soon as it sees the first byte of a request, and closes. */
const hastyUpstream = async (answer: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
};

describe('an upstream', () => {
  it.each(rows)('may send interim answers before the real one: $title', async (either) => {
    const interim = garbage('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
    const upstream = await gateway.upstream(interim.followedBy(either.answers('real')));
    const { model } = await gateway.serve(upstream.url);
    expect(await call(gateway, either, model)).toMatchObject({ status: 200, isComplete: true, text: either.answerText('real') });
  });

  it('that says "go on" although nobody asked gives no API answer: another channel does', async () => {
    const first = await gateway.upstream(garbage('HTTP/1.1 100 Continue\r\n\r\n').followedBy(row.answers('first')));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    expect(await call(gateway, row, model)).toMatchObject({ status: 200, text: row.answerText('second') });
  });

  it('may end a body by closing the connection, which is enough when its JSON is whole', async () => {
    const body = row.body('closed');
    const upstream = await gateway.upstream(head(200, [['content-type', 'application/json'], ['connection', 'close']]).raw(body).close());
    const { model } = await gateway.serve(upstream.url);
    expect(await call(gateway, row, model)).toMatchObject({ status: 200, isComplete: true, text: body });
  });

  it('may refuse with a body larger than what is kept, and it still arrives whole', async () => {
    const body = JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: 'x'.repeat(300_000) } });
    const upstream = await gateway.upstream(json(400, body));
    const { model } = await gateway.serve(upstream.url);
    expect(await call(gateway, row, model)).toMatchObject({ status: 400, isComplete: true, text: body });
  });

  it('may fail with a body without end, and another channel answers', async () => {
    const endless = head(500, [['content-type', 'text/html'], ['content-length', '100000000']]).raw('x'.repeat(200_000)).stall();
    const first = await gateway.upstream(endless);
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);
    expect(await call(gateway, row, model)).toMatchObject({ status: 200, text: row.answerText('second') });
    await first.hungUp(0);
  });

  it('may refuse a large request before it has read it: the refusal counts, not the broken pipe', async () => {
    const refusal = row.errorBody('authentication_error', 'no');
    const first = await hastyUpstream((socket) =>
      socket.end(`HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\ncontent-length: ${refusal.length}\r\nconnection: close\r\n\r\n${refusal}`),
    );
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first, second.url);
    const body = JSON.stringify({ model, max_tokens: 1, messages: [{ role: 'user', content: 'x'.repeat(8_000_000) }] });

    const answer = await send(gateway.port, { path: row.path, headers: [['x-api-key', clientToken]], body });

    expect(answer).toMatchObject({ status: 200, text: row.answerText('second') });
    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records.map((record) => record.status_code)).toEqual([401, 200]);
  });

  it('may send very long and very many headers, within reason', async () => {
    const headers = Array.from({ length: 60 }, (_, index) => [`x-h-${index}`, 'v'.repeat(150)] as const);
    const upstream = await gateway.upstream(json(200, row.body('x'), headers));
    const { model } = await gateway.serve(upstream.url);
    const answer = await call(gateway, row, model);
    expect(answer.status).toBe(200);
    expect(answer.header('x-h-59')).toBe('v'.repeat(150));
  });

  it('may not divide one answer into two: what follows the body on the connection reaches nobody', async () => {
    const body = row.body('one');
    const smuggled = `HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsmuggled!`;
    const upstream = await gateway.upstream(reply(200, [['content-type', 'application/json']], body).raw(smuggled), row.answers('two'));
    const { model } = await gateway.serve(upstream.url);

    const first = await call(gateway, row, model);
    const second = await call(gateway, row, model);

    expect(first.text).toBe(body);
    expect(second.text).toBe(row.answerText('two'));
  });
});
