import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LogRow } from '../support/admin-client.js';
import { begin } from '../support/call.js';
import { rows, type Row } from '../support/dialects.js';
import type { ReceivedRequest } from '../support/fake-upstream.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { json, openSse, silence, sse, type Script } from '../support/script.js';
import { until } from '../support/until.js';

const callCount = 10_000;
const lanes = 24;
const seed = 20_250_927;

/** What a client intends, and what the gateway must have written down for it. */
interface Entry {
  readonly row: Row;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many attempts are to fail first, and how the last one goes. */
  readonly failures: number;
  readonly finale: 'answer' | 'refusal' | 'break' | 'abort';
  received: number;
  status: number;
  requestId: string | undefined;
}

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

/** Numbers from 0 to 1, the same in every run (a linear congruential generator). */
const randomFrom = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
};

const finaleOf = (chance: number, row: Row): Entry['finale'] => {
  if (chance < 0.08) return 'refusal';
  if (!row.streaming || chance > 0.16) return 'answer';
  // A break cools its channel for a second, so it is rare; else everyone would cool all the time.
  return chance < 0.081 ? 'break' : 'abort';
};

const planned = (): readonly Entry[] => {
  const random = randomFrom(seed);
  return Array.from({ length: callCount }, () => {
    const row = rows[Math.floor(random() * rows.length)];
    if (row === undefined) throw new Error('unreachable');
    const inputTokens = Math.floor(random() * 100_000);
    const outputTokens = Math.floor(random() * 10_000);
    const failures = random() < 0.2 ? 1 + Math.floor(random() * 2) : 0;
    const finale = finaleOf(random(), row);
    return { row, inputTokens, outputTokens, failures, finale, received: 0, status: 0, requestId: undefined };
  });
};

/** The recorded answer with other token counts; 11 of the input tokens were cached, where the dialect counts them in. */
const withTokens = ({ row, inputTokens, outputTokens }: Entry, text: string): string => {
  const cachedInside = row.dialect === 'anthropic' ? 0 : row.usage.cacheReadTokens;
  return text
    .replaceAll(/"(input|prompt)_tokens":(25|36)/g, (_match, name: string) => `"${name}_tokens":${inputTokens + cachedInside}`)
    .replaceAll(/"(output|completion)_tokens":15/g, (_match, name: string) => `"${name}_tokens":${outputTokens}`);
};

const events = (entry: Entry): readonly string[] => entry.row.events('x').map((event) => withTokens(entry, event));
const atOnce = [['retry-after-ms', '1']] as const;

const failureScripts = (row: Row): readonly Script[] => [
  json(500, row.errorBody('server_error', 'x'), atOnce),
  json(429, row.errorBody('rate_limit_error', 'x'), atOnce),
  json(200, row.errorBody('rate_limit_error', 'x'), atOnce),
];

/** Each attempt of a call is the next step of its plan, whichever channel it reaches. */
const perform = (entry: Entry): Script => {
  entry.received += 1;
  const { row, received, failures, finale } = entry;
  if (received <= failures) return failureScripts(row)[entry.inputTokens % 3] ?? silence();
  if (finale === 'refusal') return json(422, row.errorBody('invalid_request_error', 'x'));
  if (finale === 'answer') return row.streaming ? sse(events(entry)) : json(200, withTokens(entry, row.body('x')));
  const begun = openSse(events(entry).slice(0, row.announcements + 2));
  return finale === 'break' ? begun.close() : begun.stall();
};

/** Makes one call as planned and notes what the client saw. */
const live = async (entry: Entry, number: number, model: string): Promise<void> => {
  const exchange = begin(gateway, entry.row, model, [['x-call', String(number)]]);
  if (entry.finale === 'abort') {
    const left = (): boolean => exchange.received().text.includes('x ') || exchange.received().status >= 400;
    await until('the answer to begin', () => (left() ? true : undefined));
    entry.status = exchange.received().status === 200 ? 499 : exchange.received().status;
    entry.requestId = exchange.received().header('x-ccload-request-id');
    exchange.leave();
    return;
  }
  const answer = await exchange.answer;
  entry.status = entry.finale === 'break' && answer.status === 200 ? 502 : answer.status;
  entry.requestId = answer.header('x-ccload-request-id');
};

/** All rows of the table. New ones push older ones to later pages, so a row can be met twice: it is known by its id. */
const allRows = async (): Promise<readonly LogRow[]> => {
  const byId = new Map<number, LogRow>();
  for (let offset = 0; ; offset += 1_000) {
    const page = await gateway.admin.logRows(`limit=1000&offset=${offset}`);
    for (const row of page) byId.set(row.id, row);
    if (page.length < 1_000) return [...byId.values()];
  }
};

/** Where ledger and table disagree about one call; `undefined` when they agree. */
const disagreement = (entry: Entry, records: readonly LogRow[]): string | undefined => {
  const finals = records.filter((record) => record.final);
  const [final] = finals;
  if (final === undefined || finals.length !== 1) return `${finals.length} final rows`;
  const attempts = records.filter((record) => record.attempt > 0).length;
  if (attempts !== entry.received) return `${attempts} attempts in the log, ${entry.received} at the upstreams`;
  if (final.status_code !== entry.status) return `status ${final.status_code} in the log, ${entry.status} at the client`;
  if (entry.status !== 200) return entry.status === 499 && !final.usage_incomplete ? 'an abort whose usage counts as complete' : undefined;
  const counted = `${final.input_tokens} + ${final.output_tokens}`;
  const sent = `${entry.inputTokens} + ${entry.outputTokens}`;
  if (final.usage_incomplete) return 'a whole answer whose usage counts as incomplete';
  return counted === sent ? undefined : `tokens ${counted} in the log, ${sent} from the upstream`;
};

describe('the log table', () => {
  it(`agrees with a ledger of ${callCount} random calls, retries and aborts included`, async () => {
    const entries = planned();
    const entryOf = (request: ReceivedRequest): Entry => {
      const entry = entries[Number(request.values('x-call')[0])];
      if (entry === undefined) throw new Error('an upstream was asked something that nobody sent');
      return entry;
    };
    const model = gateway.newModel();
    for (let channel = 0; channel < 4; channel += 1) {
      const upstream = await gateway.upstreamThat((request) => perform(entryOf(request)));
      await gateway.admin.addChannel({ url: upstream.url, models: [model] });
    }

    let next = 0;
    const lane = async (): Promise<void> => {
      for (let number = next++; number < entries.length; number = next++) {
        const entry = entries[number];
        if (entry !== undefined) await live(entry, number, model);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const table = await until('a final row for each call', async () => {
      const found = await allRows();
      return found.filter((record) => record.final).length >= callCount ? found : undefined;
    }, 20_000);

    const byRequest = new Map<string, LogRow[]>();
    for (const record of table) byRequest.set(record.request_id, [...(byRequest.get(record.request_id) ?? []), record]);
    const problems = entries.flatMap((entry, number) => {
      const problem = disagreement(entry, byRequest.get(entry.requestId ?? '') ?? []);
      return problem === undefined ? [] : [`call ${number} (${entry.row.title}, ${entry.failures} failures, ${entry.finale}): ${problem}`];
    });
    expect(problems.slice(0, 20)).toEqual([]);
    expect(byRequest.size).toBe(callCount);
    const answered = entries.filter(({ status }) => status === 200).length;
    expect(answered).toBeGreaterThan(callCount / 2);
  }, 180_000);
});
