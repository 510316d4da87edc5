import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelKey } from '../support/admin-client.js';
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

/** What the trace of a request says of a channel, in one text. */
const notesOn = async (requestId: string | undefined, channelId: number | undefined): Promise<string> => {
  const rows = await gateway.logRows(requestId);
  const trace = rows.find((record) => record.final)?.trace ?? [];
  return trace.filter((step) => step.channel_id === channelId).map(({ note }) => note).join('; ');
};

describe('the decision trace of a request', () => {
  it('says what each attempt returned and why the next channel was chosen', async () => {
    const first = await gateway.upstream(json(529, row.errorBody('overloaded_error', 'SECRET-WORDS-OF-THE-UPSTREAM')));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, row, model);

    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records[0]).toMatchObject({ channel_id: ids[0], status_code: 529, message: expect.stringContaining('overloaded_error') });
    expect(await notesOn(answer.header('x-ccload-request-id'), ids[1])).toMatch(/chosen/);
    expect(JSON.stringify(records)).not.toContain('SECRET-WORDS');
    expect(JSON.stringify(records)).not.toContain(channelKey);
  });

  it('says which channels were passed over because they cool', async () => {
    const first = await gateway.upstream(json(529, row.errorBody('overloaded_error', 'x'), [['retry-after', '30']]));
    const second = await gateway.upstream(row.answers('second'));
    const { model, ids } = await gateway.serve(first.url, second.url);
    await call(gateway, row, model);

    const answer = await call(gateway, row, model);

    expect(answer.header('x-ccload-attempts')).toBe('1');
    expect(await notesOn(answer.header('x-ccload-request-id'), ids[0])).toMatch(/cooling/);
  });

  it('says so, too, when nobody could be tried', async () => {
    const only = await gateway.upstream(json(529, row.errorBody('overloaded_error', 'x'), [['retry-after', '30']]));
    const { model, ids } = await gateway.serve(only.url);
    await call(gateway, row, model);

    const answer = await call(gateway, row, model);

    expect(answer.status).toBe(503);
    expect(await notesOn(answer.header('x-ccload-request-id'), ids[0])).toMatch(/cooling/);
  });

  it('says that a session was served before', async () => {
    const upstreams = [await gateway.upstream(row.answers('a')), await gateway.upstream(row.answers('b'))];
    const model = gateway.newModel();
    for (const { url } of upstreams) await gateway.admin.addChannel({ url, models: [model] });
    const session = [['session-id', 'traced']] as const;
    const before = await call(gateway, row, model, session);

    const answer = await call(gateway, row, model, session);

    const channelId = Number(before.header('x-ccload-channel'));
    expect(await notesOn(answer.header('x-ccload-request-id'), channelId)).toMatch(/session/);
  });

  it('stands on the final row only', async () => {
    const first = await gateway.upstream(json(500, '{}'));
    const second = await gateway.upstream(row.answers('second'));
    const { model } = await gateway.serve(first.url, second.url);

    const answer = await call(gateway, row, model);

    const records = await gateway.logRows(answer.header('x-ccload-request-id'));
    expect(records.map((record) => record.trace === null)).toEqual([true, false]);
  });
});
