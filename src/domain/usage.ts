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

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const noTokens: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 0 };

/** Only a non-negative safe integer is believed to be a number of tokens. */
const tokens = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/**
 * Anthropic's `usage` object. Its reports are cumulative: what this one names replaces what `previous` held, what it leaves
 * out (or reports in a form nobody can believe) stays. Without any number in it, `previous` is returned.
 */
export const anthropicUsage = (value: unknown, previous: Usage | undefined): Usage | undefined => {
  if (!isFields(value)) return previous;
  const input = tokens(value['input_tokens']);
  const output = tokens(value['output_tokens']);
  const read = tokens(value['cache_read_input_tokens']);
  const creation = tokens(value['cache_creation_input_tokens']);
  if ((input ?? output ?? read ?? creation) === undefined) return previous;
  const known = previous ?? noTokens;
  return {
    inputTokens: input ?? known.inputTokens,
    outputTokens: output ?? known.outputTokens,
    cacheReadTokens: read ?? known.cacheReadTokens,
    cacheCreationTokens: creation ?? known.cacheCreationTokens,
  };
};

/** OpenAI counts cached tokens into the input; they are taken out again, and never below zero. */
const openaiUsage = (input: unknown, output: unknown, details: unknown): Usage | undefined => {
  const inputTokens = tokens(input);
  const outputTokens = tokens(output);
  if ((inputTokens ?? outputTokens) === undefined) return undefined;
  const cacheReadTokens = (isFields(details) ? tokens(details['cached_tokens']) : undefined) ?? 0;
  return {
    inputTokens: Math.max(0, (inputTokens ?? 0) - cacheReadTokens),
    outputTokens: outputTokens ?? 0,
    cacheReadTokens,
    cacheCreationTokens: 0,
  };
};

/** The `usage` object of the Responses API (images and transcriptions use its names too); `undefined` without a number. */
export const responsesUsage = (value: unknown): Usage | undefined =>
  isFields(value) ? openaiUsage(value['input_tokens'], value['output_tokens'], value['input_tokens_details']) : undefined;

/** The `usage` object of chat completions, completions and embeddings, or in the names of `responsesUsage`. */
export const chatUsage = (value: unknown): Usage | undefined => {
  if (!isFields(value)) return undefined;
  const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = value;
  return openaiUsage(input, output, details) ?? responsesUsage(value);
};
