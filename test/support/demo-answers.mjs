// What the demo upstream says, as server-sent events in the shapes of the public API references: a text, or a call of
// one tool. Sized like nothing in particular; the ids are fixed so that two runs can be compared.

const event = (type, rest) => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const words = (text) => text.match(/\S+\s*/g) ?? [];

const messageStart = (model) =>
  event('message_start', {
    message: { id: 'msg_demo', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1200, output_tokens: 1 } },
  });

const messageEnd = (stopReason, outputTokens) => [
  event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: outputTokens } }),
  event('message_stop', {}),
];

/** Anthropic Messages: the first event is all that a stream cut before its content has. */
export const messagesAnswer = {
  text: (model, text) => [
    messageStart(model),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...words(text).map((word) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: word } })),
    event('content_block_stop', { index: 0 }),
    ...messageEnd('end_turn', words(text).length),
  ],
  call: (model, name, input) => [
    messageStart(model),
    event('content_block_start', { index: 0, content_block: { type: 'tool_use', id: 'toolu_demo', name, input: {} } }),
    event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } }),
    event('content_block_stop', { index: 0 }),
    ...messageEnd('tool_use', 20),
  ],
  whole: (model, text) => ({
    id: 'msg_demo',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1200, output_tokens: words(text).length },
  }),
  refusal: (type, message) => ({ type: 'error', error: { type, message }, request_id: 'req_demo' }),
};

const response = (model, status, output) => ({
  id: 'resp_demo',
  object: 'response',
  created_at: 1_750_000_000,
  model,
  status,
  output,
  usage: status === 'completed' ? { input_tokens: 1200, input_tokens_details: { cached_tokens: 0 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 1220 } : null,
});

/** The events of a response with one item; `deltas` are the item's own events between its opening and its end. */
const responseWith = (model, item, opened, deltas) => {
  const events = [
    ['response.created', { response: response(model, 'in_progress', []) }],
    ['response.in_progress', { response: response(model, 'in_progress', []) }],
    ['response.output_item.added', { output_index: 0, item: opened }],
    ...deltas,
    ['response.output_item.done', { output_index: 0, item }],
    ['response.completed', { response: response(model, 'completed', [item]) }],
  ];
  return events.map(([type, rest], sequence_number) => event(type, { sequence_number, ...rest }));
};

const messageItem = (status, text) => ({
  id: 'msg_demo',
  type: 'message',
  role: 'assistant',
  status,
  content: text === undefined ? [] : [{ type: 'output_text', text, annotations: [] }],
});

/** OpenAI Responses. */
export const responsesAnswer = {
  text: (model, text) => {
    const place = { item_id: 'msg_demo', output_index: 0, content_index: 0 };
    return responseWith(model, messageItem('completed', text), messageItem('in_progress'), [
      ['response.content_part.added', { ...place, part: { type: 'output_text', text: '', annotations: [] } }],
      ...words(text).map((delta) => ['response.output_text.delta', { ...place, delta }]),
      ['response.output_text.done', { ...place, text }],
      ['response.content_part.done', { ...place, part: { type: 'output_text', text, annotations: [] } }],
    ]);
  },
  call: (model, name, input) => {
    const args = JSON.stringify(input);
    const item = { id: 'fc_demo', type: 'function_call', status: 'completed', call_id: 'call_demo', name, arguments: args };
    return responseWith(model, item, { ...item, status: 'in_progress', arguments: '' }, [
      ['response.function_call_arguments.delta', { item_id: 'fc_demo', output_index: 0, delta: args }],
      ['response.function_call_arguments.done', { item_id: 'fc_demo', output_index: 0, arguments: args }],
    ]);
  },
  whole: (model, text) => response(model, 'completed', [messageItem('completed', text)]),
  refusal: (type, message) => ({ error: { type, message, code: type, param: null } }),
};
