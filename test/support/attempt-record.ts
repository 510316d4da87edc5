import type { AttemptRecord } from '../../src/domain/call.js';

/** A plain successful attempt, with whatever a test wants different. */
export const attemptRecord = (changes: Partial<AttemptRecord> = {}): AttemptRecord => ({
  time: 1_000,
  requestId: '01990000-0000-7000-8000-000000000001',
  attempt: 1,
  final: true,
  model: 'm',
  channelId: 1,
  channelName: 'a',
  path: '/v1/messages',
  statusCode: 200,
  message: '',
  durationMs: 300,
  isStreaming: false,
  firstByteMs: 120.5,
  usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 3, cacheCreationTokens: 4 },
  usageIncomplete: false,
  clientIp: '127.0.0.1',
  tokenLabel: 'token 1',
  trace: undefined,
  ...changes,
});
