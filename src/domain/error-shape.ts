import type { Dialect } from './dialect.js';

/**
 * https://docs.anthropic.com/en/api/errors. 503 is not among them: `overloaded_error` would make Claude Code repeat it in
 * silence for minutes, also where `x-should-retry: false` says that repeating cannot help.
 */
const anthropicType = (status: number): string => {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 402:
      return 'billing_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 529:
      return 'overloaded_error';
    case 504:
      return 'timeout_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
};

/** https://platform.openai.com/docs/guides/error-codes */
const openaiType = (status: number): string => {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
};

/** What an error says, before it has a shape. `code` is OpenAI's machine-readable word. */
export interface ErrorWords {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
}

/** An error of the gateway as JSON in the shape clients of the dialect parse. */
export const errorBody = (dialect: Dialect, requestId: string, { status, message, code }: ErrorWords): string =>
  dialect === 'anthropic'
    ? JSON.stringify({ type: 'error', error: { type: anthropicType(status), message }, request_id: requestId })
    : JSON.stringify({ error: { message, type: openaiType(status), code: code ?? null, param: null } });

/**
 * The event that tells a client its stream broke (failures §1). It ends the stream; no `message_stop`, `[DONE]` or
 * `response.completed` follows, so that nobody takes the fragment for a whole answer.
 */
export const brokenStreamEvent = (dialect: Dialect, message: string): string => {
  switch (dialect) {
    case 'anthropic':
      return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'api_error', message } })}\n\n`;
    case 'responses': {
      // Top-level fields as the API documents its `error` event; the `error` object besides, because clients that were
      // written for chat completions (OpenAI's SDK among them) raise only when they see one.
      const error = { type: 'server_error', code: 'server_error', message, param: null };
      return `event: error\ndata: ${JSON.stringify({ ...error, type: 'error', sequence_number: 0, error })}\n\n`;
    }
    case 'openai':
      return `data: ${JSON.stringify({ error: { message, type: 'server_error', code: 'stream_broken', param: null } })}\n\n`;
  }
};

/** `GET /v1/models` in the list shape of the dialect. https://docs.anthropic.com/en/api/models-list · https://platform.openai.com/docs/api-reference/models/list */
export const modelListBody = (shape: 'anthropic' | 'openai', models: readonly string[]): string => {
  if (shape === 'openai') {
    return JSON.stringify({
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'ccload' })),
    });
  }
  return JSON.stringify({
    data: models.map((id) => ({ type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' })),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  });
};
