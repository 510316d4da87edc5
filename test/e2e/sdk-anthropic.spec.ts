import { Anthropic } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowFor } from '../support/dialects.js';
import { clientToken, startGateway, type Gateway } from '../support/gateway.js';
import { json, openSse, sse, type Script } from '../support/script.js';
import { anthropicToolEvents, toolArguments } from '../support/tool-streams.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.end());

const whole = rowFor('anthropic', false);
const streamed = rowFor('anthropic', true);
const overloaded = json(529, whole.errorBody('overloaded_error', 'Overloaded'));
const tool: Anthropic.Tool = { name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };
const hello: Anthropic.MessageParam[] = [{ role: 'user', content: 'Say hello.' }];

const clientOf = (token: object = { apiKey: clientToken }): Anthropic => new Anthropic({ baseURL: gateway.url, maxRetries: 0, ...token });

/** A model whose first channel is overloaded and whose second does what the script says. */
const behindFailure = async (script: Script): Promise<string> => {
  const first = await gateway.upstream(overloaded);
  const second = await gateway.upstream(script);
  return (await gateway.serve(first.url, second.url)).model;
};

describe('the Anthropic SDK, while the first channel fails', () => {
  it.each([
    ['its API key', { apiKey: clientToken }],
    ['its auth token', { apiKey: null, authToken: clientToken }],
  ])('gets a message with %s', async (_how, token) => {
    const model = await behindFailure(whole.answers('sdk'));
    const message = await clientOf(token).messages.create({ model, max_tokens: 64, messages: hello });
    expect(message.content).toEqual([{ type: 'text', text: 'sdk Grüße, 世界 👋' }]);
    expect(message.usage.output_tokens).toBe(15);
  });

  it('gets a stream', async () => {
    const model = await behindFailure(streamed.answers('sdk'));
    const stream = clientOf().messages.stream({ model, max_tokens: 64, messages: hello });
    const pieces: string[] = [];
    stream.on('text', (text) => pieces.push(text));
    const message = await stream.finalMessage();
    expect(pieces.join('')).toBe('sdk Grüße, sdk 世界 👋 sdk');
    expect(message.stop_reason).toBe('end_turn');
  });

  it('gets a tool call whose arguments came in pieces', async () => {
    const model = await behindFailure(sse(anthropicToolEvents, { gapMs: 2 }));
    const stream = clientOf().messages.stream({ model, max_tokens: 64, messages: hello, tools: [tool] });
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'weather', input: toolArguments }]);
    expect(message.stop_reason).toBe('tool_use');
  });

  it('counts tokens', async () => {
    const model = await behindFailure(json(200, { input_tokens: 12 }));
    expect(await clientOf().messages.countTokens({ model, messages: hello })).toMatchObject({ input_tokens: 12 });
  });
});

describe('the Anthropic SDK raises its own exceptions', () => {
  it('for a wrong token', async () => {
    const asked = clientOf({ apiKey: 'wrong' }).messages.create({ model: 'm', max_tokens: 1, messages: hello });
    await expect(asked).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it('for an error of the request, with the message of the upstream', async () => {
    const upstream = await gateway.upstream(json(400, whole.errorBody('invalid_request_error', 'max_tokens: too large')));
    const { model } = await gateway.serve(upstream.url);
    const asked = clientOf().messages.create({ model, max_tokens: 1, messages: hello });
    await expect(asked).rejects.toThrow('max_tokens: too large');
  });

  it('for a stream that broke, instead of returning half a message', async () => {
    const upstream = await gateway.upstream(openSse(streamed.events('half').slice(0, -streamed.endings)).reset());
    const { model } = await gateway.serve(upstream.url);
    const stream = clientOf().messages.stream({ model, max_tokens: 64, messages: hello });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  });

  it('lists the models', async () => {
    const { model } = await gateway.serve('https://api.anthropic.com');
    const ids: string[] = [];
    for await (const entry of clientOf().models.list()) ids.push(entry.id);
    expect(ids).toContain(model);
  });
});
