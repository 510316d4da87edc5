import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin, call } from '../support/call.js';
import { rows, streamingRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { chunkedHead, encode, openSse } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const encoded = rows.flatMap((row) => (['gzip', 'br', 'zstd'] as const).map((coding) => ({ row, coding, title: `${coding}, ${row.title}` })));

describe('tokens are counted', () => {
  it.concurrent.each(encoded)('in an encoded answer, whose bytes pass as they are: $title', async ({ row, coding }) => {
    const bytes = encode(coding, row.answerText('packed'));
    const type = row.streaming ? 'text/event-stream' : 'application/json';
    const half = Math.floor(bytes.length / 2);
    const script = chunkedHead(200, [['content-type', type], ['content-encoding', coding]]);
    const upstream = await gateway.upstream(script.chunk(bytes.subarray(0, half)).chunk(bytes.subarray(half)).lastChunk());
    const { model } = await gateway.serve(upstream.url);

    const answer = await call(gateway, row, model, [['Accept-Encoding', coding]]);

    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer).toMatchObject({ status: 200, isComplete: true });
    expect(answer.values('content-encoding')).toEqual([coding]);
    expect(await gateway.logRows(answer.header('x-ccload-request-id'))).toMatchObject([
      {
        status_code: 200,
        input_tokens: row.usage.inputTokens,
        output_tokens: row.usage.outputTokens,
        cache_read_tokens: row.usage.cacheReadTokens,
        cache_creation_tokens: row.usage.cacheCreationTokens,
      },
    ]);
  });

  it.concurrent.each(streamingRows.filter(({ dialect }) => dialect === 'anthropic'))('as far as they were told when the client leaves: $title', async (row) => {
    const upstream = await gateway.upstream(openSse(row.events('x').slice(0, row.announcements + 3)).stall());
    const { model } = await gateway.serve(upstream.url);
    const exchange = begin(gateway, row, model);
    await exchange.holds(row.events('x')[row.announcements + 2] ?? '');
    exchange.leave();

    expect(await gateway.logRowsOf(model)).toMatchObject([
      { status_code: 499, input_tokens: row.usage.inputTokens, cache_read_tokens: row.usage.cacheReadTokens },
    ]);
  });
});
