import { expect } from '@jest/globals';
import type { LogRow } from './admin-client.js';
import { call } from './call.js';
import type { Answer } from './client.js';
import { claimsEnd, errorTailProblem, shapeProblem, type Row } from './dialects.js';
import type { FakeUpstream } from './fake-upstream.js';
import type { Gateway } from './gateway.js';

/** One call at a first channel that fails and a second one, less preferred, that is well. */
export interface Passage {
  readonly answer: Answer;
  readonly second: FakeUpstream;
  /** How often the second channel had been asked when the first answer was over. */
  readonly secondAsked: number;
  readonly records: readonly LogRow[];
  readonly model: string;
  readonly ids: readonly number[];
  /** What is left of the first channel's own cooldown; 0 when it does not cool. */
  readonly firstCoolsMs: number;
  /** The answer to the same call, made again at once, if that was wanted. */
  readonly again: Answer | undefined;
}

export interface PassOptions {
  /** Call once more while the first channel cools, before anything slow is asked: a first cooldown lasts only a second. */
  readonly callAgain?: boolean;
}

export const pass = async (gateway: Gateway, row: Row, firstUrl: string, { callAgain = false }: PassOptions = {}): Promise<Passage> => {
  const second = await gateway.upstream(row.answers('second'));
  const { model, ids } = await gateway.serve(firstUrl, second.url);
  const answer = await call(gateway, row, model);
  const secondAsked = second.requests.length;
  const [first, again] = await Promise.all([gateway.channel(ids[0]), callAgain ? call(gateway, row, model) : undefined]);
  const records = await gateway.logRows(answer.header('x-ccload-request-id'));
  return { answer, second, secondAsked, records, model, ids, firstCoolsMs: first.cooldown_remaining_ms ?? 0, again };
};

/** The client got the second channel's answer, byte for byte and nothing else, and the log tells both attempts. */
export const expectSecondServed = (row: Row, passage: Passage, firstStatus: number): void => {
  const { answer, second, records, ids } = passage;
  expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('second') });
  expect(answer.values('x-ccload-channel')).toEqual([String(ids[1])]);
  expect(answer.values('x-ccload-attempts')).toEqual(['2']);
  expect(second.requests).toHaveLength(1);
  expect(records).toMatchObject([
    { attempt: 1, final: false, channel_id: ids[0], status_code: firstStatus, message: expect.stringMatching(/./) },
    { attempt: 2, final: true, channel_id: ids[1], status_code: 200, message: '' },
  ]);
};

/** The client got the first channel's answer whatever it was; the second was left alone, and one row tells it. */
export const expectNobodyElseAsked = ({ answer, secondAsked, records, ids }: Passage, status: number): void => {
  expect(answer.values('x-ccload-channel')).toEqual([String(ids[0])]);
  expect(secondAsked).toBe(0);
  expect(records).toMatchObject([{ attempt: 1, final: true, channel_id: ids[0], status_code: status }]);
};

/** After the commit: what the upstream sent, one error event, a proper end of the body, and nothing that looks like success. */
export const expectToldBroken = (row: Row, answer: Answer, sent: string): void => {
  expect(answer).toMatchObject({ status: 200, isComplete: true });
  expect(answer.text.slice(0, sent.length)).toBe(sent);
  expect(errorTailProblem(row.dialect, answer.text.slice(sent.length))).toBeUndefined();
  expect(claimsEnd(row, answer.text)).toBe(false);
};

/** No channel could answer, so the gateway did, in the client's dialect. */
export const expectOwnAnswer = (row: Row, answer: Answer, status: number): void => {
  expect(answer).toMatchObject({ status, isComplete: true });
  expect(shapeProblem(row.dialect, answer.text)).toBeUndefined();
};

/** A first cooldown of about a second, give or take its jitter and the time that has passed since. */
export const expectAboutASecond = (ms: number): void => {
  expect(ms).toBeGreaterThan(500);
  expect(ms).toBeLessThanOrEqual(1_100);
};
