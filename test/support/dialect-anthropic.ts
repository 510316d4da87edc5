import type { Language } from './dialects.js';

const event = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const messageStart = (marker: string): string =>
  event('message_start', {
    message: {
      id: `msg_${marker}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 25, cache_creation_input_tokens: 7, cache_read_input_tokens: 11, output_tokens: 1 },
    },
  });

const text = (piece: string): string => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } });
const opening = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const closing = event('content_block_stop', { index: 0 });

const ending = (stopReason: string): readonly string[] => [
  event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 15 } }),
  event('message_stop', {}),
];

const whole = (marker: string, pieces: readonly string[], stopReason: string): string =>
  JSON.stringify({
    id: `msg_${marker}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: pieces.map((piece) => ({ type: 'text', text: piece })),
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { input_tokens: 25, cache_creation_input_tokens: 7, cache_read_input_tokens: 11, output_tokens: 15 },
  });

const errorObject = (type: string, message: string): object => ({ error: { type, message }, request_id: 'req_upstream' });

/** Anthropic Messages; shapes after the streaming and error pages of its API reference. */
export const anthropic: Language = {
  dialect: 'anthropic',
  path: '/v1/messages',
  question: { max_tokens: 64, messages: [{ role: 'user', content: 'Say hello.' }] },
  events: (marker) => [
    messageStart(marker),
    event('ping', {}),
    opening,
    text(`${marker} Grüße, `),
    text(`${marker} 世界`),
    text(` 👋 ${marker}`),
    closing,
    ...ending('end_turn'),
  ],
  announcements: 2,
  endings: 2,
  body: (marker) => whole(marker, [`${marker} Grüße, 世界 👋`], 'end_turn'),
  filteredEvents: [messageStart('filtered'), opening, text('I '), closing, ...ending('refusal')],
  filteredBody: whole('filtered', [], 'refusal'),
  usage: { inputTokens: 25, outputTokens: 15, cacheReadTokens: 11, cacheCreationTokens: 7 },
  errorBody: (type, message) => JSON.stringify({ type: 'error', ...errorObject(type, message) }),
  errorEvent: (type, message) => event('error', errorObject(type, message)),
  endMarks: ['message_stop', '"stop_reason":"'],
  disguises: [
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['authentication_error', 401],
    ['permission_error', 403],
    ['api_error', 500],
  ],
};
