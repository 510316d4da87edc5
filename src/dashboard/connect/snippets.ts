/** What a client must know of this gateway. */
export interface Gateway {
  /** As the browser reaches it, without a slash at the end. */
  readonly origin: string;
  /** Stands in for a token; a real one never leaves the configuration. */
  readonly token: string;
  readonly models: readonly string[];
}

/** A word for a shell: a model may be called anything. */
const word = (text: string): string => (/^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The two variables that lead Claude Code here, and how it is started. */
export const claudeSnippet = ({ origin, token, models }: Gateway): string => {
  const model = models.find((name) => name.startsWith('claude'));
  return [
    `export ANTHROPIC_BASE_URL=${origin}`,
    `export ANTHROPIC_AUTH_TOKEN=${token}`,
    model === undefined ? 'claude' : `claude --model ${word(model)}`,
  ].join('\n');
};

const codexModelOf = (models: readonly string[]): string =>
  models.find((name) => name.includes('codex')) ?? models.find((name) => name.startsWith('gpt')) ?? models[0] ?? 'MODEL';

export const codexSnippet = ({ origin, models }: Gateway): string =>
  [
    `model = ${JSON.stringify(codexModelOf(models))}`,
    'model_provider = "ccload"',
    '',
    '[model_providers.ccload]',
    'name = "ccLoad"',
    `base_url = "${origin}/v1"`,
    'env_key = "CCLOAD_TOKEN"',
    'wire_api = "responses"',
  ].join('\n');

export const codexTokenSnippet = ({ token }: Gateway): string => `export CCLOAD_TOKEN=${token}`;

export const curlSnippet = ({ origin, token, models }: Gateway): string => {
  const model = models[0] ?? 'MODEL';
  const isAnthropic = models.length === 0 || model.startsWith('claude');
  return [
    `curl ${origin}${isAnthropic ? '/v1/messages' : '/v1/chat/completions'} \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${word(JSON.stringify({ model, max_tokens: 64, messages: [{ role: 'user', content: 'Say hello.' }] }))}`,
  ].join('\n');
};
