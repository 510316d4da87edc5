import { describe, expect, it } from '@jest/globals';
import { logMessageCharsMax, traceStepsMax } from '../domain/call.js';
import type { Channel } from '../domain/channel.js';
import type { AttemptResult } from './attempt-terms.js';
import { CallStory } from './call-story.js';

const identity = { requestId: 'r-1', path: '/v1/messages', model: 'm', isStreaming: true, clientIp: '10.0.0.1', tokenLabel: 'token 1' };

const channel = (id: number): Channel => ({
  id,
  name: `channel ${id}`,
  url: 'https://relay.example',
  keys: [{ id, secret: 'sk-secret' }],
  models: [{ name: 'm' }],
  priority: 0,
  enabled: true,
  createdAt: 0,
  updatedAt: 0,
});

const result: AttemptResult = {
  outcome: { kind: 'complete', status: 200 },
  committed: true,
  held: undefined,
  firstByteMs: 12,
  usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheCreationTokens: 4 },
  usageIncomplete: true,
};

const tried = (...statuses: readonly number[]): CallStory => {
  const story = new CallStory(identity);
  statuses.forEach((status, i) => story.attempted(channel(i + 1), { startedAt: 1_000 + i, durationMs: 50, statusCode: status, message: status === 200 ? '' : 'server error' }, result));
  return story;
};

describe('the story of a request', () => {
  it('has a record per attempt, numbered from 1, with what identifies the request on each', () => {
    const records = tried(500, 200).finish(2);
    expect(records.map((record) => [record.attempt, record.channelId, record.channelName, record.statusCode])).toEqual([
      [1, 1, 'channel 1', 500],
      [2, 2, 'channel 2', 200],
    ]);
    for (const record of records) expect(record).toMatchObject(identity);
    expect(records[1]).toMatchObject({ time: 1_001, durationMs: 50, firstByteMs: 12, usage: result.usage, usageIncomplete: true });
  });

  it.each([
    ['the attempt whose answer the client got', [429, 500, 502], 1, 1],
    ['the last one when none is named', [429, 500, 502], undefined, 3],
    ['the last one when 0 is named', [429, 500], 0, 2],
  ])('marks exactly one record as final: %s', (_, statuses, final, expected) => {
    const finals = tried(...statuses).finish(final).filter((record) => record.final);
    expect(finals.map((record) => record.attempt)).toEqual([expected]);
  });

  it('has one record, number 0 and without a channel, when the gateway answered by itself', () => {
    const story = new CallStory(identity);
    story.answeredAlone({ startedAt: 1_000, durationMs: 3, statusCode: 503, message: 'no channel' });
    expect(story.finish(undefined)).toEqual([
      expect.objectContaining({ attempt: 0, final: true, channelId: undefined, channelName: undefined, statusCode: 503, message: 'no channel', usage: undefined }),
    ]);
  });

  it('has no record when nothing was told', () => {
    expect(new CallStory(identity).finish(undefined)).toEqual([]);
  });

  it('never holds a key', () => {
    const story = tried(401);
    story.note(channel(1), 'tried first');
    expect(JSON.stringify(story.finish(1))).not.toContain('sk-secret');
  });
});

describe('a message', () => {
  const messageOf = (message: string): string | undefined => {
    const story = new CallStory(identity);
    story.answeredAlone({ startedAt: 0, durationMs: 0, statusCode: 400, message });
    return story.finish(undefined)[0]?.message;
  };

  it('is cut at its maximum', () => {
    expect(messageOf('x'.repeat(logMessageCharsMax))).toHaveLength(logMessageCharsMax);
    expect(messageOf('x'.repeat(10 * logMessageCharsMax))).toHaveLength(logMessageCharsMax);
  });

  it('is never cut through a character', () => {
    expect(messageOf(`${'x'.repeat(logMessageCharsMax - 1)}🙂`)).toBe('x'.repeat(logMessageCharsMax - 1));
    expect(messageOf(`${'x'.repeat(logMessageCharsMax - 2)}🙂`)).toBe(`${'x'.repeat(logMessageCharsMax - 2)}🙂`);
  });
});

describe('the trace of decisions', () => {
  it('stands on the final record only', () => {
    const story = tried(500, 200);
    story.note(channel(2), 'chosen: next in turn');
    const traces = story.finish(2).map((record) => record.trace);
    expect(traces).toEqual([undefined, [{ channelId: 2, channelName: 'channel 2', note: 'chosen: next in turn' }]]);
  });

  it('is absent when there was nothing to decide', () => {
    expect(tried(200).finish(1)[0]?.trace).toBeUndefined();
  });

  it('never exceeds its maximum; its last note counts what was left out', () => {
    const story = tried(200);
    for (let i = 1; i <= traceStepsMax + 5; i++) story.note(channel(i), `step ${i}`);
    const trace = story.finish(1)[0]?.trace ?? [];
    expect(trace).toHaveLength(traceStepsMax);
    expect(trace.at(-1)?.note).toBe(`step ${traceStepsMax} (5 more steps)`);
  });

  it('says nothing of left-out steps when it just fits', () => {
    const story = tried(200);
    for (let i = 1; i <= traceStepsMax; i++) story.note(channel(i), `step ${i}`);
    expect(story.finish(1)[0]?.trace?.at(-1)?.note).toBe(`step ${traceStepsMax}`);
  });
});
