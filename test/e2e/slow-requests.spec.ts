import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begin } from '../support/call.js';
import { openRaw, type Answer } from '../support/client.js';
import { rowFor, shapeProblem, streamingRows } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { openSse } from '../support/script.js';

/** The gateway waits 30 s for a request that has fallen silent; everything below waits beside each other. */
const patienceMs = 45_000;
/** A little more than the silence after which the gateway speaks up. */
const silenceMs = 16_500;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

// One block, because only the tests of one block wait beside each other.
describe('the patience of the gateway', () => {
  const cases = streamingRows.map((row) => ({ row, title: row.title }));

  it.concurrent(
    'ends for a request that never becomes whole: 408 in the dialect, and the connection is closed',
    async () => {
      const unfinished = (path: string): Promise<Answer> =>
        openRaw(
          gateway.port,
          `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clientToken}\r\nContent-Length: 500\r\n\r\n{"model":`,
          { waitMs: patienceMs },
        ).answer;
      const [messages, chat, headersOnly] = await Promise.all([
        unfinished('/v1/messages'),
        unfinished('/v1/chat/completions'),
        openRaw(gateway.port, 'POST /v1/messages HTTP/1.1\r\nHost: x\r\nX-Slow: ', { waitMs: patienceMs }).answer,
      ]);

      expect([messages.status, chat.status, headersOnly.status]).toEqual([408, 408, 408]);
      expect(shapeProblem('anthropic', messages.text)).toBeUndefined();
      expect(shapeProblem('openai', chat.text)).toBeUndefined();
      expect([messages.header('connection'), chat.header('connection')]).toEqual(['close', 'close']);
      expect(messages.tookMs).toBeGreaterThanOrEqual(29_000);
    },
    patienceMs + 5_000,
  );

  it.concurrent(
    'ends for a form that never becomes whole: 408, and the connection is closed; sooner for one that is silent than for one that trickles',
    async () => {
      const login = `POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"password":"`;
      const [silent, trickling] = [0, 1].map(() => openRaw(gateway.port, login, { waitMs: patienceMs }));
      const drip = setInterval(() => trickling?.write('x'), 1_000);
      const answers = await Promise.all([silent?.answer, trickling?.answer]).finally(() => clearInterval(drip));

      expect(answers.map((answer) => [answer?.status, answer?.header('connection')])).toEqual(Array(2).fill([408, 'close']));
      expect(answers.map((answer) => answer?.text)).toEqual(Array(2).fill('{"success":false,"data":null,"error":"the body did not arrive in time"}'));
      expect(answers[0]?.tookMs).toBeLessThan(15_000);
      expect(answers[1]?.tookMs).toBeGreaterThan(25_000);
    },
    patienceMs + 5_000,
  );

  it.concurrent.each(cases)(
    'shows in a comment, never in an event, when a stream is silent for 15 seconds: $title',
    async ({ row }) => {
      const events = row.events('slow');
      const before = events.slice(0, row.announcements + 2);
      const after = events.slice(row.announcements + 2);
      const script = after.reduce((so, event) => so.chunk(event), openSse(before).wait(silenceMs)).lastChunk();
      const { model } = await gateway.serve((await gateway.upstream(script)).url);

      const answer = await begin(gateway, row, model, [], patienceMs).answer;

      const [first, rest] = [before.join(''), after.join('')];
      expect(answer).toMatchObject({ status: 200, isComplete: true });
      expect(answer.text.slice(0, first.length)).toBe(first);
      expect(answer.text.slice(-rest.length)).toBe(rest);
      expect(answer.text.slice(first.length, -rest.length)).toMatch(/^(:[^\n]*\n+){1}$/);
    },
    patienceMs + 5_000,
  );

  it.concurrent(
    'shows nowhere when the silence falls into the middle of an event',
    async () => {
      const row = rowFor('anthropic', true);
      const text = row.answerText('slow');
      const at = text.indexOf('slow Grüße');
      const script = openSse([text.slice(0, at)]).wait(silenceMs).chunk(text.slice(at)).lastChunk();
      const { model } = await gateway.serve((await gateway.upstream(script)).url);

      const answer = await begin(gateway, row, model, [], patienceMs).answer;

      expect(answer).toMatchObject({ status: 200, isComplete: true, text });
    },
    patienceMs + 5_000,
  );
});
