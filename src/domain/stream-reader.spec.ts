import { describe, expect, it } from '@jest/globals';
import type { AnswerReader } from './answer.js';
import type { Dialect } from './dialect.js';
import { sseEventBytesMax } from './sse-scanner.js';
import { createStreamReader } from './stream-reader.js';

const now = 1_750_000_000_000;

const paths: Readonly<Record<Dialect, string>> = {
  anthropic: '/v1/messages',
  responses: '/v1/responses',
  openai: '/v1/chat/completions',
};

const fed = (dialect: Dialect, text: string, path = paths[dialect]): AnswerReader => {
  const reader = createStreamReader(dialect, path, now);
  reader.push(Buffer.from(text));
  return reader;
};

const ended = (dialect: Dialect, text: string, path = paths[dialect]): AnswerReader => {
  const reader = fed(dialect, text, path);
  reader.end();
  return reader;
};

/** As the providers write it: the name of the event is the type of its data. */
const typed = (type: string, rest: object = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
/** As some relays write it: without the name. */
const nameless = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const chunk = (delta: object, finishReason: string | null = null): string =>
  nameless({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finishReason }] });
const done = 'data: [DONE]\n\n';

const messageStart = typed('message_start', { message: { usage: { input_tokens: 5, output_tokens: 1 } } });
const textDelta = typed('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } });
const created = typed('response.created', { response: { status: 'in_progress', error: null, usage: null } });
const outputDelta = typed('response.output_text.delta', { delta: 'Hi' });
const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
const completed = typed('response.completed', { response: { status: 'completed', usage: { input_tokens: 5, output_tokens: 2 } } });

describe('announcements, which do not commit', () => {
  it.each<[Dialect, string, string]>([
    ['anthropic', 'ping', typed('ping')],
    ['anthropic', 'message_start', messageStart],
    ['anthropic', 'a ping without its name', nameless({ type: 'ping' })],
    ['anthropic', '[DONE], which is not its word', done],
    ['responses', 'response.created', created],
    ['responses', 'response.queued', typed('response.queued', { response: {} })],
    ['responses', 'response.in_progress', typed('response.in_progress', { response: {} })],
    ['responses', 'a keep-alive', typed('keepalive')],
    ['openai', 'a chunk that only names the role', chunk({ role: 'assistant', content: '' })],
    ['openai', 'a role with empty extras', chunk({ role: 'assistant', content: null, refusal: null, tool_calls: [] })],
    ['openai', 'the results of a prompt filter', nameless({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] })],
    ['openai', 'a legacy completion without text', nameless({ choices: [{ text: '', index: 0, finish_reason: null }] })],
    ['openai', 'a comment', ': OPENROUTER PROCESSING\n\n'],
    ['openai', 'empty data', 'data:\n\n'],
    ['openai', 'JSON that is no object', 'data: 1\n\n'],
  ])('%s: %s', (dialect, _what, text) => {
    expect(fed(dialect, text).stage).toEqual({ kind: 'undecided' });
  });
});

describe('content, which commits', () => {
  it.each<[Dialect, string, string]>([
    ['anthropic', 'the start of a block, even an empty one', typed('content_block_start', { content_block: { type: 'text', text: '' } })],
    ['anthropic', 'a delta', textDelta],
    ['anthropic', 'a delta without its name', nameless({ type: 'content_block_delta', delta: {} })],
    ['anthropic', 'a delta named message, as the standard does for nameless ones', 'event: message\ndata: {"index":0,"type":"content_block_delta"}\n\n'],
    ['anthropic', 'a refusal: an answer, not a failure', typed('message_delta', { delta: { stop_reason: 'refusal' } })],
    ['anthropic', 'an end', typed('message_stop')],
    ['anthropic', 'an event not yet invented', typed('content_block_surprise')],
    ['responses', 'a delta', outputDelta],
    ['responses', 'the beginning of an item', typed('response.output_item.added', { item: { error: null } })],
    ['responses', 'a content filter: an answer, not a failure', typed('response.incomplete', { response: { incomplete_details: { reason: 'content_filter' } } })],
    ['openai', 'text', chunk({ content: 'Hi' })],
    ['openai', 'reasoning', chunk({ role: 'assistant', reasoning_content: 'Hm' })],
    ['openai', 'a tool call', chunk({ tool_calls: [{ index: 0, id: 'call' }] })],
    ['openai', 'a content filter: an answer, not a failure', chunk({}, 'content_filter')],
    ['openai', 'usage', nameless({ choices: [], usage: { prompt_tokens: 1 } })],
    ['openai', 'the end of an answer that had only announced itself', chunk({ role: 'assistant' }) + done],
    ['openai', 'an object that is no chat chunk', nameless({ hello: 1 })],
    ['openai', 'a chunk beside an error that says nothing', nameless({ error: { message: '', code: null }, choices: [{ delta: { content: 'Hi' } }] })],
  ])('%s: %s', (dialect, _what, text) => {
    expect(fed(dialect, text).stage).toEqual({ kind: 'answer' });
  });
});

describe('an error', () => {
  it.each<[Dialect, string, string, number]>([
    ['anthropic', 'as its event', typed('error', overloaded), 529],
    ['anthropic', 'without its name', nameless(overloaded), 529],
    ['anthropic', 'in the shape of OpenAI', nameless({ error: { type: 'rate_limit_error', message: 'slow' } }), 429],
    ['anthropic', 'that is no JSON', 'event: error\ndata: overloaded\n\n', 500],
    ['anthropic', 'of a strange type', nameless({ type: 'relay', error: { type: 'overloaded_error' } }), 529],
    ['responses', 'as its event', typed('error', { code: 'rate_limit_exceeded', message: 'slow' }), 429],
    ['responses', 'as a failed response', typed('response.failed', { response: { status: 'failed', error: { code: 'server_error', message: 'x' } } }), 500],
    ['responses', 'without name and type', nameless({ error: { code: 'rate_limit_exceeded', message: 'slow' } }), 429],
    ['openai', 'as data', nameless({ error: { code: 'rate_limit_exceeded', message: 'slow' } }), 429],
    ['openai', 'as an event of that name', 'event: error\ndata: {"message":"no","code":429}\n\n', 429],
    ['openai', 'beside an empty choice', nameless({ choices: [{ delta: {} }], error: { type: 'overloaded_error', message: 'x' } }), 529],
  ])('before the commit is the stage: %s, %s', (dialect, _how, text, status) => {
    const opening = { anthropic: messageStart, responses: created, openai: chunk({ role: 'assistant' }) }[dialect];
    for (const before of ['', opening]) {
      const reader = ended(dialect, before + text);
      expect(reader.stage).toMatchObject({ kind: 'error', error: { status } });
      expect(reader.isWhole).toBe(false);
    }
  });

  it.each<[Dialect, string, string]>([
    ['anthropic', textDelta, typed('error', overloaded)],
    ['responses', outputDelta, typed('response.failed', { response: { error: { code: 'server_overloaded', message: 'x' } } })],
    ['openai', chunk({ content: 'Hi' }), nameless({ id: 'c', choices: [], error: { type: 'overloaded_error', message: 'x' } })],
  ])('after it breaks the answer for good: %s', (dialect, content, error) => {
    const reader = ended(dialect, content + error + done);
    expect(reader.stage).toEqual({ kind: 'answer' });
    expect(reader.lateError).toMatchObject({ status: 529 });
    expect(reader.isWhole).toBe(false);
  });

  it('is not seen where text speaks of one', () => {
    const text = '{"error":{"type":"overloaded_error"}} "usage":{"prompt_tokens":1}';
    expect(fed('openai', chunk({ content: text })).stage).toEqual({ kind: 'answer' });
    expect(fed('openai', chunk({ content: 'error' }) + chunk({ content: text })).lateError).toBeUndefined();
  });

  it('after the end is nobody’s', () => {
    const reader = ended('anthropic', textDelta + typed('message_stop') + typed('error', overloaded));
    expect([reader.lateError, reader.isWhole]).toEqual([undefined, true]);
  });

  it('at the end of the stream counts without its blank line, and in plain JSON that is no event at all', () => {
    expect(ended('openai', 'data: {"error":{"code":"rate_limit_exceeded"}}').stage).toMatchObject({ error: { status: 429 } });
    expect(ended('anthropic', JSON.stringify(overloaded)).stage).toMatchObject({ error: { status: 529 } });
  });
});

describe('what is no answer', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'empty'],
    ['comments only', ': a\n\n: b\n\n', 'empty'],
    ['an end without a beginning', done, 'empty'],
    ['data without meaning only', 'data:\n\ndata: null\n\n', 'empty'],
    ['text that is no event', 'upstream connect error\n', 'empty'],
    ['a page', '<html><body>Just a moment</body></html>', 'html'],
    ['a page after white space', '\ufeff\n  <!DOCTYPE html>', 'html'],
    ['data that is no JSON', 'data: hello\n\n', 'unparsable'],
    ['data that is cut', 'data: {"choices":[\n\n', 'unparsable'],
    ['data that is cut after an announcement', `${chunk({ role: 'assistant' })}data: {"choices":[\n\n`, 'unparsable'],
  ])('%s', (_what, text, what) => {
    expect(ended('openai', text).stage).toEqual({ kind: 'malformed', what });
  });

  it('is told from a page before the end', () => {
    expect(fed('anthropic', '\n<').stage).toEqual({ kind: 'malformed', what: 'html' });
  });

  it('is also named data that is no JSON', () => {
    expect(fed('anthropic', 'event: content_block_delta\ndata: oops\n\n').stage).toEqual({ kind: 'malformed', what: 'unparsable' });
  });

  it('is not what only announced itself: that stays undecided, and is not whole', () => {
    const reader = ended('anthropic', messageStart + typed('ping'));
    expect([reader.stage, reader.isWhole]).toEqual([{ kind: 'undecided' }, false]);
  });
});

describe('the end', () => {
  it.each<[Dialect, string]>([
    ['anthropic', textDelta + typed('message_stop')],
    ['anthropic', nameless({ type: 'content_block_delta' }) + nameless({ type: 'message_stop' })],
    ['responses', outputDelta + completed],
    ['responses', outputDelta + typed('response.incomplete', { response: {} })],
    ['responses', outputDelta + typed('response.cancelled', { response: {} })],
    ['openai', chunk({ content: 'Hi' }) + done],
    ['openai', `${chunk({ content: 'Hi' })}data: [DONE]`],
  ])('makes the answer whole: %s %j', (dialect, text) => {
    expect(ended(dialect, text).isWhole).toBe(true);
  });

  it.each<[Dialect, string]>([
    ['anthropic', textDelta + typed('message_delta', { delta: { stop_reason: 'end_turn' } })],
    ['anthropic', textDelta + done],
    ['anthropic', `${textDelta}event: message_stop\ndata`],
    ['anthropic', `${textDelta}event: message_stop\ndata: {"type":"message_sto`],
    ['responses', outputDelta + typed('response.output_item.done') + done],
    ['openai', chunk({ content: 'Hi' }, 'stop')],
    ['openai', `${chunk({ content: 'Hi' })}data: [DONE`],
  ])('is not there yet: %s %j', (dialect, text) => {
    expect(ended(dialect, text).isWhole).toBe(false);
  });

  it('counts although its event is too long to be read', () => {
    const response = { output: 'x'.repeat(sseEventBytesMax), usage: { input_tokens: 1 } };
    expect(ended('responses', outputDelta + typed('response.completed', { response })).isWhole).toBe(true);
    expect(ended('responses', outputDelta + nameless({ type: 'response.completed', response })).isWhole).toBe(true);
  });

  describe('on paths without a rule of their own', () => {
    const whole = (text: string, path = '/v1/audio/speech'): boolean => ended('openai', text, path).isWhole;

    it('is the last typed event, when it says so', () => {
      expect(whole(nameless({ type: 'speech.audio.delta' }) + nameless({ type: 'speech.audio.done' }))).toBe(true);
      expect(whole(typed('image_generation.partial_image') + typed('image_generation.completed'))).toBe(true);
      expect(whole(nameless({ type: 'speech.audio.delta' }))).toBe(false);
      expect(whole(typed('thread.message.completed') + typed('thread.run.step.created'))).toBe(false);
    });

    it('is [DONE], wherever it is sent', () => {
      expect(whole(typed('thread.run.step.created') + done)).toBe(true);
    });

    it('is the clean end of a stream whose events have no types, and not before', () => {
      expect(fed('openai', nameless({ text: 'Hi' }), '/v1/engines/x').isWhole).toBe(false);
      expect(whole(nameless({ text: 'Hi' }), '/v1/engines/x')).toBe(true);
      expect(whole(nameless({ text: 'they have "choices":[] here', of: { choices: [] } }), '/v1/engines/x')).toBe(true);
    });

    it.each(['/v1/chat/completions/', '/v1/relay/chat/completions', '/v1/completions/'])('is [DONE] alone where chat is spoken, as on %s', (path) => {
      const legacy = nameless({ choices: [{ text: 'Hi', index: 0, finish_reason: null }] });
      expect([chunk({ content: 'Hi' }, 'stop'), legacy].map((text) => whole(text, path))).toEqual([false, false]);
      expect([chunk({ content: 'Hi' }, 'stop'), legacy].map((text) => whole(text + done, path))).toEqual([true, true]);
    });
  });
});

describe('usage', () => {
  const usage = (inputTokens: number, outputTokens: number): object => ({ inputTokens, outputTokens, cacheReadTokens: 0, cacheCreationTokens: 0 });

  it('is known of a stream that broke: what was seen so far', () => {
    expect(ended('anthropic', messageStart + textDelta).usage).toEqual(usage(5, 1));
  });

  it('is replaced by later reports, not added', () => {
    const delta = (output: number): string => typed('message_delta', { usage: { output_tokens: output } });
    expect(fed('anthropic', messageStart + delta(7) + delta(9)).usage).toEqual(usage(5, 9));
  });

  it('is read from an end of every kind, and from a failure', () => {
    for (const type of ['response.completed', 'response.incomplete', 'response.failed']) {
      const text = typed(type, { response: { tools: [{ usage: 1 }], usage: { input_tokens: 5, output_tokens: 2 } } });
      expect(fed('responses', outputDelta + text).usage).toEqual(usage(5, 2));
    }
  });

  it('is found in the last chat chunk, also inside its choice, and null before it means nothing', () => {
    const content = nameless({ choices: [{ delta: { content: 'Hi' } }], usage: null });
    const tokens = { prompt_tokens: 5, completion_tokens: 2 };
    expect(fed('openai', content + nameless({ choices: [], usage: tokens })).usage).toEqual(usage(5, 2));
    expect(fed('openai', content + nameless({ choices: [{ delta: {}, usage: tokens }] })).usage).toEqual(usage(5, 2));
    expect(fed('openai', content).usage).toBeUndefined();
  });
});
