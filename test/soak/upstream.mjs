import { createServer } from 'node:http';

const anthropicEvents = (text) => [
  `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}\n\n`,
  `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n`,
  ...Array.from({ length: 6 }, () => `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${text}"}}\n\n`),
  `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}\n\n`,
  `event: message_stop\ndata: {"type":"message_stop"}\n\n`,
];
const responsesEvents = (text) => [
  `event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}\n\n`,
  ...Array.from({ length: 6 }, () => `event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"${text}"}\n\n`),
  `event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{"input_tokens":10,"output_tokens":7}}}\n\n`,
];
const chatEvents = (text) => [
  ...Array.from({ length: 6 }, () => `data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`),
  `data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":7}}\n\n`,
  'data: [DONE]\n\n',
];

const eventsOf = (path) => (path.startsWith('/v1/messages') ? anthropicEvents : path.startsWith('/v1/responses') ? responsesEvents : chatEvents);

const wholeOf = (path) =>
  path.startsWith('/v1/messages')
    ? { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'hello' }], stop_reason: 'end_turn', usage: { input_tokens: 10, output_tokens: 7 } }
    : path.startsWith('/v1/responses')
      ? { id: 'resp_1', object: 'response', status: 'completed', output: [], usage: { input_tokens: 10, output_tokens: 7 } }
      : { id: 'c1', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }], usage: { prompt_tokens: 10, completion_tokens: 7 } };

const sendJson = (response, status, value, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends the events some milliseconds apart, all of them or the first `count`, while the reader is there. */
const sendEvents = async (response, events, count = events.length) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events.slice(0, count)) {
    if (response.destroyed) return;
    response.write(event);
    await pause(4);
  }
};

const soon = { 'retry-after-ms': '5' };
const refusal = { error: { type: 'server_error', message: 'a fault of the soak' } };

/** Faults by name; each takes the response and the events of a normal answer. */
const faults = {
  limited: (response) => sendJson(response, 429, refusal, soon),
  broken: (response) => sendJson(response, 500, refusal, soon),
  refused: (response) => sendJson(response, 400, { error: { type: 'invalid_request_error', message: 'x' } }),
  disguised: (response) => sendJson(response, 200, { type: 'error', error: { type: 'overloaded_error', message: 'x' } }),
  page: (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>just a moment</html>');
  },
  hangUp: (response) => response.socket.resetAndDestroy(),
  cut: async (response, events) => {
    await sendEvents(response, events, 1);
    response.socket?.resetAndDestroy();
  },
  torn: async (response, events) => {
    await sendEvents(response, events, 4);
    response.socket?.resetAndDestroy();
  },
  endless: async (response, events) => {
    await sendEvents(response, events, 4);
    response.end();
  },
};
const faultNames = Object.keys(faults);

const answer = async (request, response, faultShare) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const asked = JSON.parse(Buffer.concat(chunks).toString());
  const events = eventsOf(request.url)('word ');
  if (Math.random() < faultShare) {
    await faults[faultNames[Math.floor(Math.random() * faultNames.length)]](response, events);
  } else if (asked.stream) {
    await sendEvents(response, events);
    response.end();
  } else sendJson(response, 200, wholeOf(request.url));
};

/** A provider that answers in three dialects and fails in nine ways, at `faultShare` of the requests. */
export const startUpstream = async (faultShare) => {
  const server = createServer((request, response) => {
    answer(request, response, faultShare).catch(() => response.destroy());
  });
  // Idle connections are to be gone when the soak comes to rest.
  server.keepAliveTimeout = 1_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
};
