import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamingRows, type Row } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectNobodyElseAsked, expectSecondServed, expectToldBroken, pass } from '../support/passage.js';
import { chunkedHead, encode, reply, type Script } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const names: readonly (string | undefined)[] = ['text/plain; charset=utf-8', 'application/json', undefined];

const cases: readonly (readonly [called: string, row: Row, name: string | undefined])[] = names.flatMap((name) =>
  streamingRows.map((row) => [name ?? 'nothing', row, name] as const),
);

const streamCalled = (name: string | undefined, events: readonly string[]): Script =>
  events.reduce((script, event) => script.chunk(event).wait(2), chunkedHead(200, name === undefined ? [] : [['content-type', name]])).lastChunk();

describe('an event stream that is called something else', () => {
  it.concurrent.each(cases)('is relayed as it comes, and its tokens are counted: called %s', async (_called, row, name) => {
    const first = await gateway.upstream(streamCalled(name, row.events('first')));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text: row.events('first').join('') });
    expect(passage.answer.header('content-type')).toBe(name);
    expectNobodyElseAsked(passage, 200);
    expect(passage.records[0]).toMatchObject({ input_tokens: row.usage.inputTokens, output_tokens: row.usage.outputTokens, usage_incomplete: false });
  });

  it.concurrent.each(cases)('is a broken one when its end is missing: called %s', async (_called, row, name) => {
    const sent = row.events('first').slice(0, -row.endings);
    const first = await gateway.upstream(streamCalled(name, sent));

    const passage = await pass(gateway, row, first.url);

    expectToldBroken(row, passage.answer, sent.join(''));
    expectNobodyElseAsked(passage, 502);
  });

  it.concurrent.each(cases)('passes the request on when it begins with an error: called %s', async (_called, row, name) => {
    const [type = '', status = 0] = row.disguises[0] ?? [];
    const first = await gateway.upstream(streamCalled(name, [row.errorEvent(type, 'no')]));
    expectSecondServed(row, await pass(gateway, row, first.url), status);
  });

  it.concurrent.each(streamingRows)('is found inside gzip: $title', async (row) => {
    const headers = [['content-type', 'text/plain'], ['content-encoding', 'gzip']] as const;
    const first = await gateway.upstream(reply(200, headers, encode('gzip', row.events('first').join(''))));

    const passage = await pass(gateway, row, first.url);

    expectNobodyElseAsked(passage, 200);
    expect(passage.records[0]).toMatchObject({ output_tokens: row.usage.outputTokens, usage_incomplete: false });
  });
});
