import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/call.js';
import { rows } from '../support/dialects.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { expectAboutASecond, expectOwnAnswer, expectSecondServed, pass } from '../support/passage.js';
import { json, silence } from '../support/script.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { UPSTREAM_CONNECT_TIMEOUT_MS: '400' } });
});
afterAll(() => gateway.end());

/** By name, because a URL must be made in the test: a certificate that nobody trusts, and no such host. */
const unreachableUrls: Readonly<Record<string, () => Promise<string>>> = {
  'a certificate that nobody trusts': async () => (await gateway.tlsUpstream(json(200, {}))).url,
  'a host that does not exist': async () => 'http://no-such-host.invalid',
};

const cases = Object.keys(unreachableUrls).flatMap((what) => rows.map((row) => ({ what, row, title: `${what}, ${row.title}` })));
const urlOf = async (what: string): Promise<string> => (await unreachableUrls[what]?.()) ?? '';

describe('a channel that cannot be reached safely', () => {
  it.each(cases)('passes the request on to another channel and cools for a second: $title', async ({ what, row }) => {
    const passage = await pass(gateway, row, await urlOf(what));
    expectSecondServed(row, passage, 502);
    expectAboutASecond(passage.firstCoolsMs);
  });

  it('never sends a request, and so no key, over a connection it cannot trust', async () => {
    const upstream = await gateway.tlsUpstream(json(200, {}));
    const { model } = await gateway.serve(upstream.url);
    for (const row of rows) expectOwnAnswer(row, await call(gateway, row, model), row === rows[0] ? 502 : 503);
    expect(upstream.requests).toEqual([]);
  });
});

describe('a handshake that never ends', () => {
  it.each(rows)('is given up after the connect timeout with 504: $title', async (row) => {
    const mute = (await gateway.upstream(silence())).url.replace('http:', 'https:');
    const { model } = await gateway.serve(mute);

    const answer = await call(gateway, row, model);

    expectOwnAnswer(row, answer, 504);
    expect(answer.tookMs).toBeGreaterThanOrEqual(390);
    expect(answer.tookMs).toBeLessThanOrEqual(600);
  });

  it.each(rows)('passes the request on to another channel: $title', async (row) => {
    const mute = (await gateway.upstream(silence())).url.replace('http:', 'https:');
    expectSecondServed(row, await pass(gateway, row, mute), 504);
  });
});
