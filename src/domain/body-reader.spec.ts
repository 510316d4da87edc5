import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerReader } from './answer.js';
import { createBodyReader, inspectedBodyBytesMax, usageBodyBytesMax } from './body-reader.js';
import type { Dialect } from './dialect.js';

const json = 'application/json; charset=utf-8';

interface Body {
  readonly dialect?: Dialect;
  readonly type?: string | undefined;
}

const fed = (chunks: readonly string[], { dialect = 'openai', ...rest }: Body = {}): AnswerReader => {
  const reader = createBodyReader(dialect, 'type' in rest ? rest.type : json, 0);
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader;
};

const ended = (text: string, body: Body = {}): AnswerReader => {
  const reader = fed([text], body);
  reader.end();
  return reader;
};

const answer = { kind: 'answer' };
const undecided = { kind: 'undecided' };

describe('a first chunk that shows a normal answer commits at once', () => {
  it.each([
    ['chat', '{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"mess'],
    ['Anthropic', '{"id":"msg_1","type":"message","role":"assistant","content":[],'],
    ['Anthropic content first', '{"content":[{"type":"te'],
    ['a response that went well', '{"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,'],
    ['a response that is still running', '{"object":"response","status":"queued","error":null'],
    ['a response stopped by a filter', '{"object":"response","status":"incomplete","incomplete_details":{'],
    ['embeddings', '{"object":"list","data":[{"object":"embedding","embedding":[0.1,'],
    ['counted tokens', '{"input_tokens":2095'],
    ['a transcription', '{"text":"Hello'],
    ['moderations', '{"id":"m","results":[{"flagged":true'],
    ['with a byte order mark and white space', '\ufeff\n { "choices" : [ {'],
    ['with an error that says null', '{"error":null,"choices":[{'],
  ])('%s', (_what, chunk) => {
    expect(fed([chunk]).stage).toEqual(answer);
  });

  it.each([
    ['sound', 'audio/mpeg', 'ID3\u0004'],
    ['text', 'text/plain', 'Hello <b>'],
    ['something of no type', undefined, 'Hello'],
    ['markup that is no page', 'application/xml', '<speak>Hello</speak>'],
  ])('%s that is not JSON at all', (_what, type, chunk) => {
    expect(fed([chunk], { type }).stage).toEqual(answer);
  });
});

describe('a first chunk that shows nothing yet is waited on', () => {
  it.each([
    ['blanks', ' \n'],
    ['an opening brace', '{'],
    ['keys that say nothing', '{"id":"x","created":1'],
    ['a key cut in the middle', '{"choi'],
    ['an empty list', '{"choices":[]'],
    ['a list of which nothing has come', '{"choices":['],
    ['an error', '{"error":{"type":"overloaded_error"'],
    ['an error behind other keys', '{"request_id":"r","type":"error"'],
    ['an error before an answer', '{"error":{"message":""},"choices":[{}]'],
    ['a list, as some endpoints wrap their errors', '[{"error":{'],
    ['a choice deeper inside', '{"a":{"choices":[{}]'],
  ])('%s', (_what, chunk) => {
    expect(fed([chunk]).stage).toEqual(undecided);
  });

  it('and decided by the chunk that brings the key', () => {
    const reader = fed(['{"id":"x","cho', 'ices":[{"index"']);
    expect(reader.stage).toEqual(answer);
    expect(reader.progress).toBe(2);
  });

  it('but not beyond its bound', () => {
    const reader = fed([`{"padding":"${'x'.repeat(inspectedBodyBytesMax - 100)}`]);
    expect(reader.stage).toEqual(undecided);
    reader.push(Buffer.alloc(100, 'x'));
    expect(reader.stage).toEqual(answer);
  });
});

describe('an error in a 2xx', () => {
  it.each([
    ['{"error":{"type":"rate_limit_error","message":"slow down"}}', 429],
    ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}', 529],
    ['{"request_id":"r","error":"overloaded","id":null}', 500],
    ['{"object":"response","status":"failed","error":{"code":"rate_limit_exceeded","message":"x"}}', 429],
    ['{"object":"response","status":"failed","error":null}', 500],
    ['[{"error":{"code":429,"message":"x"}}]', 429],
    ['{"choices":[],"error":{"type":"overloaded_error"}}', 529],
  ])('%s has status %d', (text, status) => {
    for (const type of [json, 'text/plain', undefined]) {
      const reader = ended(text, { type });
      expect(reader.stage).toMatchObject({ kind: 'error', error: { status } });
      expect(reader.isWhole).toBe(false);
    }
  });

  it('is read from what has come when it is too long to wait for', () => {
    const padding = 'x'.repeat(inspectedBodyBytesMax);
    expect(fed([`{"error":{"type":"overloaded_error"},"padding":"${padding}`]).stage).toMatchObject({ kind: 'error', error: { status: 529 } });
    expect(fed([`{"error":{"type":"overloaded_error","message":"${padding}`]).stage).toMatchObject({ kind: 'error', error: { status: 500 } });
  });

  it('is none when the field says nothing', () => {
    expect(ended('{"error":{"message":"","type":"","code":null},"choices":[{"index":0}]}').stage).toEqual(answer);
    expect(ended('{"error":false,"ok":true}').stage).toEqual(answer);
  });

  it('is none when an answer speaks of one', () => {
    expect(ended('{"choices":[{"message":{"content":"{\\"error\\":{}}"}}]}').stage).toEqual(answer);
  });
});

describe('what is no answer', () => {
  it.each<[string, string, string | undefined, string]>([
    ['nothing', '', json, 'empty'],
    ['nothing, of another type', '', 'audio/mpeg', 'empty'],
    ['blanks', ' \r\n', json, 'empty'],
    ['a page', '<!DOCTYPE html><html></html>', 'text/html', 'html'],
    ['a page without a doctype', '<center>502</center>', 'text/html; charset=utf-8', 'html'],
    ['a page under another name', '\n<HTML>', json, 'html'],
    ['a page of no type', '<!doctype html>', undefined, 'html'],
    ['the text of a page', 'no healthy upstream', 'text/html', 'html'],
    ['markup that calls itself JSON', '<error/>', json, 'unparsable'],
    ['text that calls itself JSON', 'upstream connect error', json, 'unparsable'],
    ['cut JSON', '{"id":"x","created":', json, 'unparsable'],
    ['cut JSON of a vendor', '{"id":', 'application/problem+json', 'unparsable'],
  ])('%s', (_what, text, type, what) => {
    expect(ended(text, { type }).stage).toEqual({ kind: 'malformed', what });
    const bytewise = createBodyReader('openai', type, 0);
    for (const byte of Buffer.from(text)) bytewise.push(Buffer.from([byte]));
    bytewise.end();
    expect(bytewise.stage).toEqual({ kind: 'malformed', what });
  });

  it('is told from a page before its end', () => {
    expect(fed(['<!DOC', 'TYPE html><ht']).stage).toEqual({ kind: 'malformed', what: 'html' });
  });

  it('is not JSON without any key we know', () => {
    expect(ended('{}').stage).toEqual(answer);
    expect(ended('[]').stage).toEqual(answer);
    expect(ended('"yes"').stage).toEqual(answer);
  });
});

describe('a whole body', () => {
  const text = '{"id":"x","choices":[{"message":{"content":"a \\"b\\" }"}}],"usage":{"prompt_tokens":5,"completion_tokens":2}} \n';
  const tokens = { inputTokens: 5, outputTokens: 2, cacheReadTokens: 0, cacheCreationTokens: 0 };

  it('is known as such only at its end, in any chunks', () => {
    expect(fed([text]).isWhole).toBe(false);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const sorted = [...cuts].sort((a, b) => a - b);
        const reader = fed([0, ...sorted].map((from, index) => text.slice(from, sorted[index] ?? text.length)));
        reader.end();
        expect([reader.stage, reader.isWhole, reader.usage]).toEqual([answer, true, tokens]);
      }),
    );
  });

  it('is never one that was cut short', () => {
    for (let cut = 0; cut < text.trimEnd().length; cut++) expect(ended(text.slice(0, cut)).isWhole).toBe(false);
    expect(ended('{"choices":[{}]', { type: undefined }).isWhole).toBe(false);
  });

  it.each(['audio/mpeg', 'text/plain'])('is every one that ends, where the type is %s', (type) => {
    expect(ended('{"choices":[{', { type }).isWhole).toBe(true);
    expect(ended('ID3', { type }).isWhole).toBe(true);
  });

  it('is also one too long to be kept', () => {
    const reader = ended(`{"choices":[{"content":"${'x'.repeat(usageBodyBytesMax)}`);
    expect([reader.stage, reader.isWhole, reader.usage]).toEqual([answer, true, undefined]);
  });
});

describe('usage', () => {
  it.each<[Dialect, object, readonly [number, number, number, number]]>([
    ['anthropic', { type: 'message', usage: { input_tokens: 5, output_tokens: 2, cache_read_input_tokens: 3, cache_creation_input_tokens: 1 } }, [5, 2, 3, 1]],
    ['responses', { status: 'completed', usage: { input_tokens: 8, output_tokens: 2, input_tokens_details: { cached_tokens: 3 } } }, [5, 2, 3, 0]],
    ['openai', { choices: [{}], usage: { prompt_tokens: 8, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 3 } } }, [5, 2, 3, 0]],
    ['openai', { object: 'list', data: [{}], usage: { prompt_tokens: 8, total_tokens: 8 } }, [8, 0, 0, 0]],
  ])('of %s is read from %j', (dialect, body, [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens]) => {
    const { usage } = ended(JSON.stringify(body), { dialect });
    expect(usage).toEqual({ inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens });
  });

  it('is not reported by a count of tokens', () => {
    expect(ended('{"input_tokens":2095}', { dialect: 'anthropic' })).toMatchObject({ stage: answer, isWhole: true, usage: undefined });
  });
});
