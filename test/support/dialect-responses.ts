import type { Language } from './dialects.js';

const usage = {
  input_tokens: 36,
  input_tokens_details: { cached_tokens: 11 },
  output_tokens: 15,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 51,
};

const response = (marker: string, status: string, rest: object): object => ({
  id: `resp_${marker}`,
  object: 'response',
  created_at: 1_750_000_000,
  status,
  model: 'gpt-5-codex',
  ...rest,
});

const message = (marker: string, text: string): object => ({
  id: `msg_${marker}`,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

/** The events of one response, numbered as the API numbers them. */
const numbered = (events: readonly (readonly [type: string, rest: object])[]): readonly string[] =>
  events.map(([type, rest], index) => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...rest })}\n\n`);

const begins = (marker: string): readonly (readonly [string, object])[] => [
  ['response.created', { response: response(marker, 'in_progress', { output: [], usage: null }) }],
  ['response.in_progress', { response: response(marker, 'in_progress', { output: [], usage: null }) }],
];

const delta = (marker: string, piece: string): readonly [string, object] => [
  'response.output_text.delta',
  { item_id: `msg_${marker}`, output_index: 0, content_index: 0, delta: piece },
];

const filtered = response('filtered', 'incomplete', {
  error: null,
  incomplete_details: { reason: 'content_filter' },
  output: [message('filtered', 'I ')],
  usage,
});

/** OpenAI Responses, as Codex speaks it; shapes after the streaming reference of its API. */
export const responses: Language = {
  dialect: 'responses',
  path: '/v1/responses',
  question: { input: [{ role: 'user', content: 'Say hello.' }] },
  events: (marker) =>
    numbered([
      ...begins(marker),
      ['response.output_item.added', { output_index: 0, item: { id: `msg_${marker}`, type: 'message', content: [] } }],
      delta(marker, `${marker} Grüße, `),
      delta(marker, `${marker} 世界`),
      delta(marker, ` 👋 ${marker}`),
      ['response.output_item.done', { output_index: 0, item: message(marker, `${marker} Grüße, 世界 👋`) }],
      ['response.completed', { response: response(marker, 'completed', { output: [message(marker, 'Grüße')], usage }) }],
    ]),
  announcements: 2,
  endings: 1,
  body: (marker) =>
    JSON.stringify(response(marker, 'completed', { error: null, output: [message(marker, `${marker} Grüße, 世界 👋`)], usage })),
  filteredEvents: numbered([...begins('filtered'), delta('filtered', 'I '), ['response.incomplete', { response: filtered }]]),
  filteredBody: JSON.stringify(filtered),
  usage: { inputTokens: 25, outputTokens: 15, cacheReadTokens: 11, cacheCreationTokens: 0 },
  errorBody: (type, text) => JSON.stringify({ error: { message: text, type, param: null, code: type } }),
  errorEvent: (type, text) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 9, code: type, message: text, param: null })}\n\n`,
  endMarks: ['response.completed', 'response.incomplete', '"status":"completed","model"'],
  disguises: [
    ['rate_limit_exceeded', 429],
    ['invalid_api_key', 401],
    ['server_error', 500],
  ],
};
