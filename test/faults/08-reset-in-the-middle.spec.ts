import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamingRows, wholeRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectNobodyElseAsked, expectSecondServed, expectToldBroken, pass } from '../support/passage.js';
import { chunkedHead, encode, head, openSse, type Script } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const jsonType = ['content-type', 'application/json'] as const;
const endings: readonly (readonly [string, (script: Script) => Script])[] = [
  ['a reset', (script) => script.reset()],
  ['FIN without the last chunk', (script) => script.close()],
  ['FIN inside a chunk', (script) => script.raw('ff\r\n').close()],
];
const streams = endings.flatMap(([how, ending]) => streamingRows.map((row) => ({ row, ending, title: `${how}, ${row.dialect}` })));
const bodies = endings.flatMap(([how, ending]) => wholeRows.map((row) => ({ row, ending, title: `${how}, ${row.dialect}` })));

describe('a stream that is cut in the middle of its text', () => {
  it.concurrent.each(streams)('is told to the client, and nothing is repeated: $title', async ({ row, ending }) => {
    const sent = row.events('first').slice(0, row.announcements + 3);
    const first = await gateway.upstream(ending(openSse(sent, { gapMs: 1 })));

    const passage = await pass(gateway, row, first.url, { callAgain: true });

    expectToldBroken(row, passage.answer, sent.join(''));
    expectNobodyElseAsked(passage, 502);
    expect(passage.records[0]?.message).toContain('stream broken');
    expectAboutASecond(passage.firstCoolsMs);
    expect(passage.again?.text).toBe(row.answerText('second'));
  });

  it.concurrent.each(streamingRows)('in the middle of an event is told as well: $title', async (row) => {
    const whole = row.events('first').slice(0, row.announcements + 2).join('');
    const sent = whole + (row.events('first')[row.announcements + 2] ?? '').slice(0, 30);
    const first = await gateway.upstream(openSse([whole]).chunk(sent.slice(whole.length)).reset());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer.text.slice(0, sent.length)).toBe(sent);
    expect(passage.answer.text.slice(sent.length)).toMatch(/^\n\n/);
    expectToldBroken(row, passage.answer, sent);
    expectNobodyElseAsked(passage, 502);
  });
});

describe('a stream into which no line can be put', () => {
  it.concurrent.each(streamingRows)('because its length was promised leaves the client with a torn connection: $title', async (row) => {
    const text = row.answerText('first');
    const headers = [['content-type', 'text/event-stream'], ['content-length', String(Buffer.byteLength(text))]] as const;
    const first = await gateway.upstream(head(200, headers).raw(row.events('first').slice(0, row.announcements + 3).join('')).wait(50).close());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expect(text.startsWith(passage.answer.text)).toBe(true);
    expectNobodyElseAsked(passage, 502);
  });

  it.concurrent.each(streamingRows)('because it is compressed, cut by a reset, leaves the client with a torn connection: $title', async (row) => {
    const bytes = encode('gzip', row.answerText('first'));
    const headers = [['content-type', 'text/event-stream'], ['content-encoding', 'gzip']] as const;
    const first = await gateway.upstream(chunkedHead(200, headers).chunk(bytes.subarray(0, -12)).wait(50).reset());

    const passage = await pass(gateway, row, first.url);

    const wasCommitted = passage.second.requests.length === 0;
    if (wasCommitted) expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    else expectSecondServed(row, passage, 502);
  });
});

describe('a stream whose coding is not known', () => {
  it.concurrent.each(endings.flatMap(([how, ending]) => streamingRows.map((row) => ({ row, ending, title: `${how}, ${row.dialect}` }))))(
    'leaves the client with a torn connection when it is cut: $title',
    async ({ row, ending }) => {
      const headers = [['content-type', 'text/event-stream'], ['content-encoding', 'dcz']] as const;
      const sent = row.answerText('first');
      const first = await gateway.upstream(ending(chunkedHead(200, headers).chunk(sent).wait(50)));

      const passage = await pass(gateway, row, first.url);

      expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
      expectNobodyElseAsked(passage, 502);
    },
  );
});

describe('a stream that is cut before anything meaningful', () => {
  it.concurrent.each(streams)('passes the request on to another channel: $title', async ({ row, ending }) => {
    const first = await gateway.upstream(ending(openSse([': hello\n\n', ...row.events('first').slice(0, row.announcements)])));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
  });
});

describe('a whole answer that is cut', () => {
  it.concurrent.each(bodies)('after its beginning reached the client leaves the client with a torn connection: $title', async ({ row, ending }) => {
    const sent = row.body('first'.repeat(200)).slice(0, -20);
    const first = await gateway.upstream(ending(chunkedHead(200, [jsonType]).chunk(sent).wait(50)));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expect(sent.startsWith(passage.answer.text)).toBe(true);
    expectNobodyElseAsked(passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it.concurrent.each(wholeRows)('short of its promised length leaves the client with a torn connection: $title', async (row) => {
    const body = row.body('first'.repeat(200));
    const script = head(200, [jsonType, ['content-length', String(Buffer.byteLength(body))]]).raw(Buffer.from(body).subarray(0, -1)).wait(50);
    const first = await gateway.upstream(script.close());

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 200, isComplete: false });
    expectNobodyElseAsked(passage, 502);
  });

  it.concurrent.each(bodies)('before it showed what it is passes the request on to another channel: $title', async ({ row, ending }) => {
    const first = await gateway.upstream(ending(chunkedHead(200, [jsonType]).chunk('{"')));

    const passage = await pass(gateway, row, first.url);

    expectSecondServed(row, passage, 502);
  });
});
