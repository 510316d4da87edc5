/**
 * Tokens of one answer as the upstream reported them. Input excludes cached tokens; cache reads and cache writes are
 * counted apart, as Anthropic reports them; OpenAI's `cached_tokens` are taken out of its `prompt_tokens`/`input_tokens`.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
}
