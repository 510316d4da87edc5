import { describe, expect, it } from '@jest/globals';
import { decompress } from 'fzstd';
import { send, type Answer } from './client.js';
import { claimsEnd, errorTailProblem, rows, streamingRows } from './dialects.js';
import { startUpstream, type ReceivedRequest } from './fake-upstream.js';
import { brokenStreamEvent } from '../../src/domain/error-shape.js';
import { encode, garbage, json, openSse, wrongLength, type Script } from './script.js';

const answerOf = async (script: Script): Promise<{ answer: Answer; request: ReceivedRequest | undefined }> => {
  const upstream = await startUpstream([script]);
  const answer = await send(upstream.port, { path: '/x?y=%20', headers: [['X-Twice', '1'], ['x-twice', '2']], body: 'ping' });
  await upstream.close();
  return { answer, request: upstream.requests[0] };
};

describe('the fake upstream', () => {
  it('records a request as it stood on the wire', async () => {
    const { request } = await answerOf(json(200, {}));
    expect(request?.method).toBe('POST');
    expect(request?.target).toBe('/x?y=%20');
    expect(request?.headerLines.slice(1, 3)).toEqual(['X-Twice: 1', 'x-twice: 2']);
    expect(request?.body.toString()).toBe('ping');
  });

  it.each(rows)('answers a whole message: $title', async (row) => {
    const { answer } = await answerOf(row.answers('m'));
    expect(answer).toMatchObject({ status: 200, isComplete: true, text: row.answerText('m') });
  });

  it.each([
    ['a reset', openSse(['data: 1\n\n']).reset()],
    ['a FIN inside a chunked body', openSse(['data: 1\n\n']).close()],
    ['a half-close', openSse(['data: 1\n\n']).halfClose()],
    ['a chunk that stops in its middle', openSse(['data: 1\n\n']).raw('40\r\nabc').close()],
    ['a length that is not reached', wrongLength([], 'abc', 10)],
    ['no HTTP', garbage('\u0000\u0001 nonsense\r\n\r\n')],
  ])('leaves a message incomplete by %s', async (_how, script) => {
    const { answer } = await answerOf(script);
    expect(answer.isComplete).toBe(false);
  });

  it('writes zstd frames that a decoder accepts', () => {
    const text = 'Grüße '.repeat(60_000);
    expect(Buffer.from(decompress(encode('zstd', text))).toString()).toBe(text);
  });
});

describe('the recorded dialects', () => {
  it.each(streamingRows)('end only with their last events: $title', (row) => {
    const events = row.events('m');
    expect(claimsEnd(row, events.slice(0, events.length - row.endings).join(''))).toBe(false);
    expect(claimsEnd(row, events.join(''))).toBe(true);
  });

  it.each(streamingRows)('recognise the error tail of the gateway: $title', (row) => {
    expect(errorTailProblem(row.dialect, brokenStreamEvent(row.dialect, 'broken'))).toBeUndefined();
    expect(errorTailProblem(row.dialect, '')).toBeDefined();
    expect(errorTailProblem(row.dialect, row.events('m').slice(-1).join(''))).toBeDefined();
  });
});
