import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';
import { rowFor } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json, openSse, sse, type Script } from '../support/script.js';
import { openaiToolEvents, responsesToolEvents, toolArguments } from '../support/tool-streams.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const chat = rowFor('openai', false);
const chatStream = rowFor('openai', true);
const responses = rowFor('responses', false);
const responsesStream = rowFor('responses', true);
const hello: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Say hello.' }];

const clientOf = (apiKey: string = clientToken): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });

/** A model whose first channel is overloaded and whose second does what the script says. */
const behindFailure = async (script: Script): Promise<string> => {
  const first = await gateway.upstream(json(503, chat.errorBody('server_error', 'Overloaded')));
  const second = await gateway.upstream(script);
  return (await gateway.serve(first.url, second.url)).model;
};

describe('the OpenAI SDK, while the first channel fails, gets from chat completions', () => {
  it('a message', async () => {
    const model = await behindFailure(chat.answers('sdk'));
    const completion = await clientOf().chat.completions.create({ model, messages: hello });
    expect(completion.choices[0]?.message.content).toBe('sdk Grüße, 世界 👋');
  });

  it('a stream', async () => {
    const model = await behindFailure(chatStream.answers('sdk'));
    const stream = await clientOf().chat.completions.create({ model, messages: hello, stream: true });
    const pieces: string[] = [];
    for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '');
    expect(pieces.join('')).toBe('sdk Grüße, sdk 世界 👋 sdk');
  });

  it('a tool call whose arguments came in pieces', async () => {
    const model = await behindFailure(sse(openaiToolEvents, { gapMs: 2 }));
    const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: { name: 'weather', parameters: {} } }];
    const completion = await clientOf().chat.completions.stream({ model, messages: hello, tools }).finalChatCompletion();
    const [call] = completion.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('expected a function call');
    expect(JSON.parse(call.function.arguments)).toEqual(toolArguments);
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  });
});

describe('the OpenAI SDK, while the first channel fails, gets from responses', () => {
  it('a response', async () => {
    const model = await behindFailure(responses.answers('sdk'));
    const response = await clientOf().responses.create({ model, input: 'Say hello.' });
    expect(response.output_text).toBe('sdk Grüße, 世界 👋');
  });

  it('a stream', async () => {
    const model = await behindFailure(responsesStream.answers('sdk'));
    const stream = await clientOf().responses.create({ model, input: 'Say hello.', stream: true });
    const pieces: string[] = [];
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') pieces.push(event.delta);
    }
    expect(pieces.join('')).toBe('sdk Grüße, sdk 世界 👋 sdk');
    expect(types.at(-1)).toBe('response.completed');
  });

  it('a tool call whose arguments came in pieces', async () => {
    const model = await behindFailure(sse(responsesToolEvents, { gapMs: 2 }));
    const stream = await clientOf().responses.create({ model, input: 'Weather?', stream: true });
    const pieces: string[] = [];
    for await (const event of stream) if (event.type === 'response.function_call_arguments.delta') pieces.push(event.delta);
    expect(JSON.parse(pieces.join(''))).toEqual(toolArguments);
  });
});

describe('the OpenAI SDK raises its own exceptions', () => {
  it('for a wrong token', async () => {
    const asked = clientOf('wrong').chat.completions.create({ model: 'm', messages: hello });
    await expect(asked).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });

  it('for an error of the request, with the message of the upstream', async () => {
    const upstream = await gateway.upstream(json(400, chat.errorBody('invalid_request_error', 'too many tokens')));
    const { model } = await gateway.serve(upstream.url);
    const asked = clientOf().chat.completions.create({ model, messages: hello });
    await expect(asked).rejects.toThrow('too many tokens');
  });

  it.each([
    ['chat completions', chatStream],
    ['responses', responsesStream],
  ] as const)('for a stream of %s that broke, instead of ending it quietly', async (_what, row) => {
    const upstream = await gateway.upstream(openSse(row.events('half').slice(0, -row.endings)).reset());
    const { model } = await gateway.serve(upstream.url);
    const client = clientOf();
    const read = async (): Promise<void> => {
      const stream =
        row === chatStream
          ? await client.chat.completions.create({ model, messages: hello, stream: true })
          : await client.responses.create({ model, input: 'x', stream: true });
      const seen: unknown[] = [];
      for await (const event of stream) seen.push(event);
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  it('lists the models', async () => {
    const { model } = await gateway.serve('https://api.openai.com');
    const ids: string[] = [];
    for await (const entry of clientOf().models.list()) ids.push(entry.id);
    expect(ids).toContain(model);
  });
});
