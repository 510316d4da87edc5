// What is sent and what comes back. Everything is made from fixed sentences and a fixed seed: two runs send the same bytes.

export const token = 'bench-client-token';
export const channelKey = 'bench-channel-key';
export const model = 'claude-sonnet-4-5';

const jsonRequestBytes = 2_300;
const agentRequestBytes = 115_000;
const jsonAnswerBytes = 512;

/** Events of one streamed answer, from message_start to message_stop. */
export const streamEvents = 300;
/** Time between two events of a stream: long enough that a proxy sees them one by one, also after a pause of its own. */
export const eventMs = 4;
/** An event a second is what a stream looks like while a model thinks. */
export const slowEventMs = 1_000;

/** What a stream that is timed sends, and how often. */
export const timedEventMs = 50;
export const timedEvent = (sentUs) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'word' }, sent_us: sentUs });
export const sentMark = /"sent_us":(\d+)/g;

/** Numbers in [0, 1) that are the same in every run: a linear congruence is random enough for filler and arrival times. */
export const seededRandom = (seed) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const random = seededRandom(20_250_927);
const pick = (list) => list[Math.floor(random() * list.length)];

const rules = [
  'Answer in as few words as the question allows; the terminal shows plain text.',
  'Before you change a file, read it, and read the files that import it.',
  'Write "I do not know" when you do not know; a guess costs more than a question.',
  'Paths are absolute: "/home/dev/shop/src/cart.ts", never "./cart.ts".',
  'Run the tests after a change:\n\n```sh\nnpm test -- --watch=false\n```\n',
  'Never commit unless you were asked to; never force-push.\n',
  'A regular expression such as /^\\s*"(\\w+)"\\s*:/ has to be escaped twice inside JSON.',
  'Keep the style of the file you are in: quotes, semicolons, “typographic” marks, tabs\tor spaces.',
  'If a command fails, say which one, with its exit code, and stop → do not try it ten times.',
];

const codeLines = [
  '   12\texport const total = (lines: readonly Line[]): number =>\n',
  '   13\t  lines.reduce((sum, { price, count }) => sum + price * count, 0);\n',
  '   14\t\n',
  '   15\tif (line.name === "shipping" && !line.label.includes(\'"\')) {\n',
  '   16\t  throw new Error(`unknown line "${line.name}" in ${path}\\n`);\n',
  '   17\t}\n',
  '   18\t// Zürich, 東京 and São Paulo pay in their own currency.\n',
  '   19\tconst pattern = /(\\d+)\\.(\\d{2})\\s*"?$/;\n',
];

const prose = (list, characters) => {
  let text = '';
  while (text.length < characters) text += `${pick(list)} `;
  return text;
};

const stringField = (description) => ({ type: 'string', description });

const tool = (name, properties) => ({
  name,
  description: prose(rules, 2_400),
  input_schema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties,
    required: Object.keys(properties).slice(0, 1),
    additionalProperties: false,
  },
});

/** The tool whose schema also has a property named "model": a search for the first `"model"` would find this one. */
const delegate = tool('Task', {
  description: stringField('Three to five words about the task'),
  prompt: stringField('What the other agent shall do'),
  model: { type: 'string', enum: ['sonnet', 'opus', 'haiku'], description: 'Which "model" shall do it' },
});

const agentTools = () => [
  delegate,
  ...['Read', 'Write', 'Edit', 'Glob', 'Grep', 'Bash', 'BashOutput', 'WebFetch', 'WebSearch', 'TodoWrite', 'NotebookEdit', 'AskUser'].map(
    (name) =>
      tool(name, {
        file_path: stringField('The absolute path, for example "/home/dev/shop/package.json"'),
        pattern: stringField('A regular expression, for example "log\\\\(.*\\\\)"'),
        limit: { type: 'number', description: 'At most so many lines', default: 2_000 },
      }),
  ),
];

const agentTurn = (turn) => [
  {
    role: 'assistant',
    content: [
      { type: 'text', text: pick(rules) },
      { type: 'tool_use', id: `toolu_${String(turn).padStart(24, '0')}`, name: 'Read', input: { file_path: `/home/dev/shop/src/part-${turn}.ts` } },
    ],
  },
  {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: `toolu_${String(turn).padStart(24, '0')}`, content: prose(codeLines, 2_600) }],
  },
];

const agentMembers = () => ({
  messages: [
    { role: 'user', content: [{ type: 'text', text: '<reminder>\nToday is a working day.\n</reminder>\n' }, { type: 'text', text: 'Why is the "total" of a cart wrong?' }] },
    ...Array.from({ length: 13 }, (_, turn) => agentTurn(turn)).flat(),
  ],
  system: [
    { type: 'text', text: 'You are a coding agent.', cache_control: { type: 'ephemeral' } },
    { type: 'text', text: prose(rules, 14_000), cache_control: { type: 'ephemeral' } },
  ],
  tools: agentTools(),
  metadata: { user_id: 'user_0f4c_account__session_5b1e8a52-3c11-4d0a-9a56-0d7b6a0e6f10' },
  max_tokens: 32_000,
  temperature: 1,
});

/** `members` as JSON of exactly `bytes` bytes: `grow` puts filler where it belongs. Throws when they are larger already. */
const jsonOfSize = (members, bytes, grow) => {
  const missing = bytes - Buffer.byteLength(JSON.stringify(grow(members, '')));
  if (missing < 0) throw new Error(`the request must fit ${bytes} bytes, got ${-missing} more`);
  return Buffer.from(JSON.stringify(grow(members, 'lorem ipsum '.repeat(missing).slice(0, missing))));
};

const withLastMessage = ({ messages, ...others }, text) => ({
  ...others,
  messages: [...messages, { role: 'user', content: [{ type: 'text', text }] }],
});

const question = { model, max_tokens: 1_024, messages: [] };
const agentRequest = agentMembers();

const bodies = {
  json: jsonOfSize(question, jsonRequestBytes, withLastMessage),
  stream: jsonOfSize({ ...question, stream: true }, jsonRequestBytes, withLastMessage),
  agent: jsonOfSize({ model, ...agentRequest }, agentRequestBytes, (members, text) => ({ model, ...withLastMessage(members, text) })),
  agentModelLast: jsonOfSize(agentRequest, agentRequestBytes, (members, text) => ({ ...withLastMessage(members, text), model })),
};

/** The JSON answer to W1 and W2. */
export const jsonAnswer = jsonOfSize(
  {
    id: 'msg_01BenchBenchBenchBenchBe',
    type: 'message',
    role: 'assistant',
    model,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 812, cache_creation_input_tokens: 0, cache_read_input_tokens: 24_576, output_tokens: 37 },
  },
  jsonAnswerBytes,
  (members, text) => ({ ...members, content: [{ type: 'text', text }] }),
);

const event = (name, body) => Buffer.from(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...body })}\n\n`);

export const deltaEvent = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ' the next few words' } });

/** What opens every stream. */
export const openingEvents = [
  event('message_start', {
    message: { id: 'msg_01Bench', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage: { input_tokens: 812, output_tokens: 1 } },
  }),
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  event('ping', {}),
];

const closingEvents = [
  event('content_block_stop', { index: 0 }),
  event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1_482 } }),
  event('message_stop', {}),
];

/** A short answer whose first event that means something says when it was written. */
export const stampedOpening = (sentUs) => Buffer.concat([...openingEvents, timedEvent(sentUs)]);
export const stampedEnd = Buffer.concat(closingEvents);

/** The streamed answer to W3, event by event. */
export const streamAnswer = [
  ...openingEvents,
  ...Array.from({ length: streamEvents - openingEvents.length - closingEvents.length }, () => deltaEvent),
  ...closingEvents,
];

/** What a model call looks like on the wire; the connection's number stands in for a session. */
const headLines = (target, bytes, session) => [
  `POST ${target} HTTP/1.1`,
  'Host: gateway.bench',
  'Accept: application/json',
  'Content-Type: application/json',
  'User-Agent: bench/1.0 (external, cli)',
  'X-Stainless-Lang: js',
  'X-Stainless-Runtime: node',
  'X-Stainless-Retry-Count: 0',
  'X-Stainless-Timeout: 600',
  'X-App: cli',
  'Anthropic-Version: 2023-06-01',
  'Anthropic-Beta: bench-2025-01-01',
  `X-Claude-Code-Session-Id: 5b1e8a52-3c11-4d0a-9a56-${String(session).padStart(12, '0')}`,
  `Authorization: Bearer ${token}`,
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Connection: keep-alive',
  `Content-Length: ${bytes}`,
];

/** The upstream tells by the query which answer is wanted: a gateway relays it unchanged. */
export const answerParameter = 'answer';
const target = (answer) => `/v1/messages?beta=true&${answerParameter}=${answer}`;

const answerBytes = { json: jsonAnswer.length, stream: Buffer.concat(streamAnswer).length, slow: undefined, timed: undefined, stamped: undefined };

const request = (body, answer) => ({ body: bodies[body], target: target(answer), answerBytes: answerBytes[answer] });

/** By name, what a load sends and how long the body of a right answer is. */
export const requests = {
  json: request('json', 'json'),
  agent: request('agent', 'json'),
  agentModelLast: request('agentModelLast', 'json'),
  stream: request('stream', 'stream'),
  slow: request('stream', 'slow'),
  timed: request('stream', 'timed'),
  stamped: request('stream', 'stamped'),
};

/** One request as bytes, ready for the socket. */
export const wireBytes = (name, session) => {
  const { body, target: path } = requests[name];
  return Buffer.concat([Buffer.from(`${headLines(path, body.length, session).join('\r\n')}\r\n\r\n`), body]);
};

/**
 * W1 to W3: connections, and which request; `also` is measured on the gateway only and compared with its first request;
 * `staggerSeconds` spreads the first requests, so that not all streams begin and end together.
 */
export const workloads = {
  W1: { title: '2.3 KB JSON in, 0.5 KB JSON out, 64 connections', request: 'json', connections: 64, ratioMax: 1.8 },
  W2: {
    title: '115 KB JSON in, 0.5 KB JSON out, 32 connections',
    request: 'agent',
    connections: 32,
    ratioMax: 1.5,
    also: { title: 'the same body with "model" as its last key', request: 'agentModelLast', ratioMax: 1.05 },
  },
  W3: {
    title: `server-sent events, ${streamEvents} small ones per answer, 32 connections`,
    request: 'stream',
    connections: 32,
    staggerSeconds: (streamEvents * eventMs) / 1_000,
    ratioMax: 1.4,
  },
};
