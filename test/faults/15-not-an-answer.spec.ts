import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rows, streamingRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { garbage, html, json, reply, sse, type Script } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const impostors: readonly (readonly [string, Script])[] = [
  ['a web page with 200', html(200)],
  ['a web page that calls itself JSON', reply(200, [['content-type', 'application/json']], '<html>Checking your browser</html>')],
  ['JSON that is none', json(200, '{"id": "msg_1", oops')],
  ['bare words that call themselves JSON', json(200, 'upstream connect error or disconnect/reset before headers')],
  ['an empty 200', reply(200, [['content-type', 'application/json']], '')],
  ['an empty event stream', reply(200, [['content-type', 'text/event-stream']], '')],
  ['204', reply(204, [])],
  ['a redirect', reply(302, [['location', 'https://example.invalid/login']], 'moved')],
  ['bytes that are no HTTP', garbage('\u0000\u0001\u0002 hello \r\n\r\n')],
  ['an answer of another protocol', garbage('SSH-2.0-OpenSSH_9.6\r\n')],
  ['a broken header', garbage('HTTP/1.1 200 OK\r\nbroken header\r\n\r\n{}')],
];
const cases = impostors.flatMap(([what, script]) => rows.map((row) => ({ row, script, title: `${what}, ${row.title}` })));

describe('what is not an API answer', () => {
  it.concurrent.each(cases)('passes the request on to another channel and cools for a second: $title', async ({ row, script }) => {
    const first = await gateway.upstream(script);

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 502);
    expect(first.requests).toHaveLength(1);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(cases)('gives 502 in the dialect when there is no other channel: $title', async ({ row, script }) => {
    const { model } = await gateway.serve((await gateway.upstream(script)).url);

    const answer = await call(gateway, row, model);

    expectOwnAnswer(row, answer, 502);
    expect(answer.header('location')).toBeUndefined();
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([{ attempt: 1, final: true, status_code: 502 }]);
  });

  it.concurrent.each(streamingRows)('includes a stream whose first event is no JSON: $title', async (row) => {
    const first = await gateway.upstream(sse(['data: {"oops\n\n']));
    expectSecondServed(row, await pass(gateway, row, first.url), 502);
  });
});
