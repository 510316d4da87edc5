/** Streamed answers that call a tool, with the arguments in pieces of partial JSON; shapes after the API references. */

const named = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const argumentPieces = ['', '{"ci', 'ty": "Zür', 'ich", "unit', '": "°C"}'] as const;

export const toolArguments = { city: 'Zürich', unit: '°C' } as const;

export const anthropicToolEvents: readonly string[] = [
  named('message_start', {
    message: {
      id: 'msg_tool',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 40, output_tokens: 1 },
    },
  }),
  named('content_block_start', { index: 0, content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} } }),
  ...argumentPieces.map((piece) => named('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: piece } })),
  named('content_block_stop', { index: 0 }),
  named('message_delta', { delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 30 } }),
  named('message_stop', {}),
];

const chunk = (delta: object, finishReason: string | null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-tool',
    object: 'chat.completion.chunk',
    created: 1_750_000_000,
    model: 'gpt-4o',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`;

export const openaiToolEvents: readonly string[] = [
  chunk({ role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] }, null),
  ...argumentPieces.map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }, null)),
  chunk({}, 'tool_calls'),
  'data: [DONE]\n\n',
];

const call = { id: 'fc_1', type: 'function_call', status: 'completed', call_id: 'call_1', name: 'weather', arguments: argumentPieces.join('') };
const response = (status: string, output: readonly object[]): object => ({
  id: 'resp_tool',
  object: 'response',
  created_at: 1_750_000_000,
  model: 'gpt-5-codex',
  status,
  output,
  usage: status === 'completed' ? { input_tokens: 40, output_tokens: 30, total_tokens: 70 } : null,
});

export const responsesToolEvents: readonly string[] = [
  named('response.created', { sequence_number: 0, response: response('in_progress', []) }),
  named('response.output_item.added', { sequence_number: 1, output_index: 0, item: { ...call, status: 'in_progress', arguments: '' } }),
  ...argumentPieces.map((delta, index) =>
    named('response.function_call_arguments.delta', { sequence_number: 2 + index, item_id: 'fc_1', output_index: 0, delta }),
  ),
  named('response.function_call_arguments.done', { sequence_number: 7, item_id: 'fc_1', output_index: 0, name: 'weather', arguments: call.arguments }),
  named('response.output_item.done', { sequence_number: 8, output_index: 0, item: call }),
  named('response.completed', { sequence_number: 9, response: response('completed', [call]) }),
];
