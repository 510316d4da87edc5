import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin } from '../support/call.js';
import { rows, streamingRows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { openSse, silence } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('a client that leaves', () => {
  it.each(streamingRows)('in the middle of a stream ends the upstream request within a second: $title', async (row) => {
    const events = row.events('first').slice(0, row.announcements + 3);
    const first = await gateway.upstream(openSse(events).stall());
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    const exchange = begin(gateway, row, model);
    await exchange.holds(events.at(-1) ?? '');

    const leftAt = Date.now();
    exchange.leave();

    expect((await first.hungUp(0)) - leftAt).toBeLessThan(1_000);
    const records = await gateway.logRowsOf(model);
    expect(records).toMatchObject([{ attempt: 1, final: true, status_code: 499, channel_id: ids[0] }]);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
    expect(second.requests).toEqual([]);
  });

  it.each(rows)('before anything was answered ends the upstream request within a second: $title', async (row) => {
    const first = await gateway.upstream(silence());
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    const exchange = begin(gateway, row, model);
    await first.received(1);

    const leftAt = Date.now();
    exchange.leave();

    expect((await first.hungUp(0)) - leftAt).toBeLessThan(1_000);
    expect(await gateway.logRowsOf(model)).toMatchObject([{ final: true, status_code: 499, channel_id: ids[0] }]);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms ?? 0).toBe(0);
    expect(second.requests).toEqual([]);
  });

  it('counts as neither success nor error', async () => {
    const summary = async (): Promise<unknown> =>
      JSON.parse((await gateway.admin.request('GET', '/public/summary')).text);
    expect(await summary()).toMatchObject({ data: { total_requests: 9, success_requests: 0, error_requests: 0 } });
  });
});
