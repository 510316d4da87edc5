// A stand-in for the providers, to try real command line clients against the gateway without an account:
//
//   node test/support/demo-upstream.mjs 9100
//
// The first segment of the path says how it behaves, so one process stands for many channels:
// http://127.0.0.1:9100/healthy, /overloaded (529), /broken (500), /locked (401), /cut (the connection breaks before a
// stream's first content), /torn (it breaks in the middle of the text). Prints one JSON line for each request: what came, but nothing of what was said.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { decompress } from 'fzstd';
import { messagesAnswer, responsesAnswer } from './demo-answers.mjs';

const bodyBytesMax = 64 * 1024 * 1024;
/** Long enough to see that text arrives piece by piece. */
const eventMs = 20;

/** In a prompt, asks for a call of the client's shell; the round after it is answered with a text. */
const toolWord = 'DEMO-TOOL';
const command = 'echo from-the-tool';
const textAnswer = 'Hello from the demo upstream.';
const afterTool = 'The tool ran.';

/** The clients' shell tools by name, and what each wants to be called with. */
const shellInputs = {
  Bash: { command, description: 'Print a word' },
  exec_command: { cmd: command },
  shell_command: { command },
  shell: { command: ['bash', '-lc', command] },
};

const refusals = { overloaded: [529, 'overloaded_error'], broken: [500, 'api_error'], locked: [401, 'authentication_error'] };

const read = async (request) => {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('the request is larger than a demo needs');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Codex compresses its bodies when it is logged in with an account instead of a key; the gateway relays them as they came. */
const parsed = (body, encoding) => {
  try {
    return JSON.parse(Buffer.from(encoding === 'zstd' ? decompress(body) : body).toString());
  } catch {
    return {};
  }
};

/** What the client wants next: the tool, or, once the last item is a tool's result, the final text. */
const wantOf = (asked, isMessages) => {
  const items = (isMessages ? asked.messages : asked.input) ?? [];
  const last = JSON.stringify(items.at(-1) ?? '');
  if (/"type":"(tool_result|function_call_output|custom_tool_call_output)"/.test(last)) return { text: afterTool };
  const tool = (asked.tools ?? []).map(({ name }) => name).find((name) => Object.hasOwn(shellInputs, name ?? ''));
  return JSON.stringify(items).includes(toolWord) && tool !== undefined ? { tool } : { text: textAnswer };
};

const note = (request, url, body, asked) => {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  const { authorization, 'x-api-key': apiKey, 'content-encoding': encoding } = request.headers;
  const tools = (asked.tools ?? []).map(({ name, type }) => name ?? type);
  const line = { method: request.method, path: url.pathname, query: url.search, names, authorization, apiKey, encoding, bodyBytes: body.length, fields: Object.keys(asked), model: asked.model, stream: asked.stream, tools };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const sendJson = (response, status, value) => {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_demo' });
  response.end(JSON.stringify(value));
};

/** How much of a stream is sent before the connection breaks; every stream here has its first text in its sixth event at the latest. */
const eventsBeforeBreak = { cut: 1, torn: 6 };

const sendEvents = async (response, events, behaviour) => {
  const breaksAfter = eventsBeforeBreak[behaviour];
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_demo' });
  for (const event of events.slice(0, breaksAfter)) {
    response.write(event);
    await pause(eventMs);
  }
  if (breaksAfter === undefined) response.end();
  else response.destroy();
};

const answer = async (request, response) => {
  const body = await read(request);
  const asked = parsed(body, request.headers['content-encoding']);
  const url = new URL(request.url ?? '/', 'http://demo');
  note(request, url, body, asked);
  const [, behaviour = '', ...rest] = url.pathname.split('/');
  const path = `/${rest.join('/')}`;
  const isMessages = path.startsWith('/v1/messages');
  const kind = isMessages ? messagesAnswer : responsesAnswer;
  const refusal = refusals[behaviour];
  if (refusal !== undefined) return sendJson(response, refusal[0], kind.refusal(refusal[1], `The demo channel is ${behaviour}.`));
  if (path.endsWith('/count_tokens')) return sendJson(response, 200, { input_tokens: 1200 });
  const want = wantOf(asked, isMessages);
  if (asked.stream !== true) return sendJson(response, 200, kind.whole(asked.model, want.text ?? afterTool));
  const events = want.tool === undefined ? kind.text(asked.model, want.text) : kind.call(asked.model, want.tool, shellInputs[want.tool]);
  return sendEvents(response, events, behaviour);
};

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ listening: server.address().port })}\n`));
