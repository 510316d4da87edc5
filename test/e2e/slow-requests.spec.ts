import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRaw, type Answer } from '../support/client.js';
import { shapeProblem } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';

/** The gateway waits 30 s for a request that has fallen silent; everything below waits beside each other. */
const patienceMs = 45_000;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

describe('a request that never becomes whole', () => {
  it(
    'is answered with 408 in the dialect and loses its connection',
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
});
