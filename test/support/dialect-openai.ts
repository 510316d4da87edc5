import type { Language } from './dialects.js';

const usage = {
  prompt_tokens: 36,
  completion_tokens: 15,
  total_tokens: 51,
  prompt_tokens_details: { cached_tokens: 11 },
};

const chunk = (marker: string, rest: object): string =>
  `data: ${JSON.stringify({
    id: `chatcmpl-${marker}`,
    object: 'chat.completion.chunk',
    created: 1_750_000_000,
    model: 'gpt-4o',
    ...rest,
  })}\n\n`;

const delta = (marker: string, piece: object, finishReason: string | null = null): string =>
  chunk(marker, { choices: [{ index: 0, delta: piece, finish_reason: finishReason }] });

const ending = (marker: string, finishReason: string): readonly string[] => [
  delta(marker, {}, finishReason),
  chunk(marker, { choices: [], usage }),
  'data: [DONE]\n\n',
];

const whole = (marker: string, content: string, finishReason: string): string =>
  JSON.stringify({
    id: `chatcmpl-${marker}`,
    object: 'chat.completion',
    created: 1_750_000_000,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: finishReason }],
    usage,
  });

const errorBody = (type: string, message: string): string => JSON.stringify({ error: { message, type, param: null, code: type } });

/** OpenAI Chat Completions; shapes after the chat streaming reference of its API. */
export const openai: Language = {
  dialect: 'openai',
  path: '/v1/chat/completions',
  question: { messages: [{ role: 'user', content: 'Say hello.' }], stream_options: { include_usage: true } },
  events: (marker) => [
    delta(marker, { role: 'assistant', content: `${marker} Grüße, ` }),
    delta(marker, { content: `${marker} 世界` }),
    delta(marker, { content: ` 👋 ${marker}` }),
    ...ending(marker, 'stop'),
  ],
  announcements: 0,
  endings: 3,
  body: (marker) => whole(marker, `${marker} Grüße, 世界 👋`, 'stop'),
  filteredEvents: [delta('filtered', { role: 'assistant', content: 'I ' }), ...ending('filtered', 'content_filter')],
  filteredBody: whole('filtered', '', 'content_filter'),
  usage: { inputTokens: 25, outputTokens: 15, cacheReadTokens: 11, cacheCreationTokens: 0 },
  errorBody,
  errorEvent: (type, message) => `data: ${errorBody(type, message)}\n\n`,
  endMarks: ['[DONE]', '"finish_reason":"'],
  disguises: [
    ['rate_limit_exceeded', 429],
    ['invalid_api_key', 401],
    ['server_error', 500],
  ],
};
