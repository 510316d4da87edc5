import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowFor, rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectNobodyElseAsked, pass } from '../support/passage.js';
import { json, sse } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('a refusal by a content filter', () => {
  it.concurrent.each(rows)('is an answer, not a failure: $title', async (row) => {
    const first = await gateway.upstream(row.streaming ? sse(row.filteredEvents) : json(200, row.filteredBody));

    const passage = await pass(gateway, row, first.url);

    const text = row.streaming ? row.filteredEvents.join('') : row.filteredBody;
    expect(passage.answer).toMatchObject({ status: 200, isComplete: true, text });
    expectNobodyElseAsked(passage, 200);
    expect(passage.records[0]).toMatchObject({ message: '', output_tokens: row.usage.outputTokens });
    expect(passage.firstCoolsMs).toBe(0);
  });

  it('of the request itself is relayed, too', async () => {
    const row = rowFor('openai', true);
    const body = row.errorBody('content_filter', 'The prompt was filtered by the content management policy.');
    const first = await gateway.upstream(json(400, body));

    const passage = await pass(gateway, row, first.url);

    expect(passage.answer).toMatchObject({ status: 400, text: body });
    expectNobodyElseAsked(passage, 400);
    expect(passage.firstCoolsMs).toBe(0);
  });
});
