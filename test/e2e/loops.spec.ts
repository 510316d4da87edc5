import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelKey } from '../support/admin-client.js';
import { call } from '../support/call.js';
import { rowFor, rows, shapeProblem } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';

/** The key of every channel is a token too: whatever leads to a gateway is let in. */
const env = { CCLOAD_AUTH: `${clientToken},${channelKey}` };
const whole = rowFor('openai', false);

let gateway: Gateway;
let other: Gateway;
beforeAll(async () => {
  [gateway, other] = await Promise.all([startGateway({ env }), startGateway({ env })]);
});
afterAll(() => Promise.all([gateway.end(), other.end()]));

describe('a channel that leads to the gateway itself', () => {
  it.each(rows)('is recognised at the first return: $title', async (row) => {
    const { model } = await gateway.serve(gateway.url);
    const answer = await call(gateway, row, model);
    expect([answer.status, answer.header('x-should-retry')]).toEqual([508, 'false']);
    expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
    expect(await gateway.logRowsOf(model)).toMatchObject([{ status_code: 508, attempt: 1, final: true }]);
  });

  it('has failed, and the next one serves the request', async () => {
    const upstream = await gateway.upstream(whole.answers('served'));
    const { model, ids } = await gateway.serve(gateway.url, upstream.url);
    const answer = await call(gateway, whole, model);
    expect([answer.status, answer.header('x-ccload-attempts'), answer.header('x-ccload-channel')]).toEqual([200, '2', String(ids[1])]);
    expect((await gateway.channel(ids[0])).cooldown_remaining_ms).toBeGreaterThan(0);
  });

  it('is recognised by whichever worker it leads to', async () => {
    const several = await startGateway({ env: { ...env, CCLOAD_WORKERS: '2' } });
    const { model } = await several.serve(several.url);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { status } = await call(several, whole, model);
    const logged = await several.logRowsOf(model);
    await several.end();
    expect([status, logged.length]).toEqual([508, 1]);
  });
});

describe('two gateways', () => {
  it('that lead to each other are a loop as well', async () => {
    const model = 'around-both';
    await gateway.admin.addChannel({ url: other.url, models: [model] });
    await other.admin.addChannel({ url: gateway.url, models: [model] });
    expect((await call(gateway, whole, model)).status).toBe(508);
    expect([(await gateway.logRowsOf(model)).length, (await other.logRowsOf(model)).length]).toEqual([1, 1]);
  });

  it('may stand one behind the other', async () => {
    const model = 'one-behind-the-other';
    const upstream = await other.upstream(whole.answers('from afar'));
    await gateway.admin.addChannel({ url: other.url, models: [model] });
    await other.admin.addChannel({ url: upstream.url, models: [model] });
    const answers = [await call(gateway, whole, model), await call(gateway, whole, model)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, whole.answerText('from afar')]));
    const { headerLines } = await upstream.received(1);
    expect(headerLines.filter((line) => /^x-ccload-hops: [\w-]{24}$/i.test(line))).toHaveLength(2);
  });
});
