import { describe, expect, it } from '@jest/globals';
import { anthropicUsage, chatUsage, responsesUsage, type Usage } from './usage.js';

const usage = (inputTokens: number, outputTokens: number, cacheReadTokens = 0, cacheCreationTokens = 0): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens,
  cacheCreationTokens,
});

describe('Anthropic usage', () => {
  const start = { input_tokens: 25, cache_creation_input_tokens: 7, cache_read_input_tokens: 11, output_tokens: 1 };

  it('counts fresh input, cache reads and cache writes apart, as it comes', () => {
    expect(anthropicUsage(start, undefined)).toEqual(usage(25, 1, 11, 7));
  });

  it('is cumulative: a later report replaces what it names and leaves the rest', () => {
    expect(anthropicUsage({ output_tokens: 15 }, usage(25, 1, 11, 7))).toEqual(usage(25, 15, 11, 7));
    expect(anthropicUsage({ input_tokens: 30, output_tokens: 2 }, usage(25, 9, 11, 7))).toEqual(usage(30, 2, 11, 7));
  });

  it.each([undefined, null, 'many', [], {}, { output_tokens: '5' }, { output_tokens: -1 }, { output_tokens: 1.5 }, { output_tokens: 2 ** 53 }])(
    'keeps what it knew when it gets %j',
    (report) => {
      expect(anthropicUsage(report, undefined)).toBeUndefined();
      expect(anthropicUsage(report, usage(1, 2))).toEqual(usage(1, 2));
    },
  );
});

describe('OpenAI usage', () => {
  it('takes cached tokens out of the input', () => {
    const chat = { prompt_tokens: 36, completion_tokens: 15, prompt_tokens_details: { cached_tokens: 11 } };
    const responses = { input_tokens: 36, output_tokens: 15, input_tokens_details: { cached_tokens: 11 } };
    expect(chatUsage(chat)).toEqual(usage(25, 15, 11));
    expect(responsesUsage(responses)).toEqual(usage(25, 15, 11));
  });

  it('never falls below zero', () => {
    expect(chatUsage({ prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 11 } })).toEqual(usage(0, 1, 11));
  });

  it.each([null, {}, { cached_tokens: null }, { cached_tokens: -4 }])('knows no cached tokens in %j', (details) => {
    expect(chatUsage({ prompt_tokens: 3, completion_tokens: 1, prompt_tokens_details: details })).toEqual(usage(3, 1));
  });

  it('of embeddings has no output', () => {
    expect(chatUsage({ prompt_tokens: 8, total_tokens: 8 })).toEqual(usage(8, 0));
  });

  it('of images and transcriptions goes by the names of Responses', () => {
    expect(chatUsage({ input_tokens: 8, output_tokens: 9 })).toEqual(usage(8, 9));
  });

  it.each([null, undefined, 7, 'x', [], {}, { prompt_tokens: '3' }, { type: 'duration', seconds: 3 }])('is unknown from %j', (report) => {
    expect(chatUsage(report)).toBeUndefined();
    expect(responsesUsage(report)).toBeUndefined();
  });
});
