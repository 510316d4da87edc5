import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rowFor } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const row = rowFor('anthropic', false);
const down = json(500, row.errorBody('api_error', 'down'));

/** How many of six failing channels one request asks. */
const attemptsAtSix = async (): Promise<string | undefined> => {
  const upstreams = await Promise.all(Array.from({ length: 6 }, () => gateway.upstream(down)));
  const { model } = await gateway.serve(...upstreams.map(({ url }) => url));
  return (await call(gateway, row, model)).header('x-ccload-attempts');
};

describe('while nearly everything fails', () => {
  it('a request asks three channels only, so that failover does not multiply an outage', async () => {
    const atFirst = [await attemptsAtSix(), await attemptsAtSix(), await attemptsAtSix()];

    // Twenty failures are enough to know: the next request meets them after its second attempt.
    expect(atFirst).toEqual(['6', '6', '6']);
    expect(await attemptsAtSix()).toBe('3');
  });
});
