import { describe, expect, it } from '@jest/globals';
import { dialectOf, type Dialect } from './dialect.js';

describe('the path decides which dialect a client speaks', () => {
  it.each<readonly [path: string, dialect: Dialect]>([
    ['/v1/messages', 'anthropic'],
    ['/v1/messages/count_tokens', 'anthropic'],
    ['/v1/messages/batches/b_1/cancel', 'anthropic'],
    ['/v1/messages/', 'anthropic'],
    ['/v1/responses', 'responses'],
    ['/v1/responses/resp_1/cancel', 'responses'],
    ['/v1/responses/compact', 'responses'],
    ['/v1/chat/completions', 'openai'],
    ['/v1/embeddings', 'openai'],
    ['/v1/images/generations', 'openai'],
    ['/v1/', 'openai'],
    ['/v1', 'openai'],
  ])('%s is %s', (path, dialect) => {
    expect(dialectOf(path)).toBe(dialect);
  });

  it.each(['/v1/messagesfoo', '/v1/responses-old', '/v1/message', '/v1/Messages', '/v1/x/messages', '/v2/messages'])(
    'a path that only resembles another dialect stays OpenAI: %s',
    (path) => {
      expect(dialectOf(path)).toBe('openai');
    },
  );
});
