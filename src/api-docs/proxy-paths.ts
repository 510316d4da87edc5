import type { OpenAPIObject } from '@nestjs/swagger';
import { flagSchema, integerSchema, listSchema, objectSchema, oneOfSchema, orNull, textSchema, type Schema } from '../http/api-schema.js';

/*
 * The model calls. The data plane knows no framework, so nothing can read its routes from the code: this part is written
 * by hand, and the test of the description holds it to real answers.
 */

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['post']>;
type Responses = Operation['responses'];

const anthropicError: Schema = {
  title: 'AnthropicError',
  type: 'object',
  properties: {
    type: oneOfSchema(['error']),
    error: {
      type: 'object',
      properties: { type: textSchema("One of Anthropic's error types"), message: textSchema('A sentence') },
      required: ['type', 'message'],
      additionalProperties: false,
    },
    request_id: textSchema('The `x-ccload-request-id`'),
  },
  required: ['type', 'error', 'request_id'],
  additionalProperties: false,
};

interface OpenaiErrorFields {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
}

const openaiError = objectSchema<{ readonly error: OpenaiErrorFields }>('OpenaiError', {
  error: {
    ...objectSchema<OpenaiErrorFields>('', {
      message: textSchema('A sentence'),
      type: textSchema("One of OpenAI's error types"),
      code: orNull(textSchema('A word for programs')),
      param: orNull(textSchema('Always `null` in errors of the gateway')),
    }),
    title: 'OpenaiErrorFields',
  },
});

const ownHeader = (description: string): { readonly description: string; readonly schema: Schema } => ({ description, schema: { type: 'string' } });
const requestIdHeader = { 'x-ccload-request-id': ownHeader('A UUIDv7, also in the log') };
const relayHeaders = {
  ...requestIdHeader,
  'x-ccload-channel': ownHeader('Number of the channel that answered'),
  'x-ccload-attempts': ownHeader('How many channels were tried'),
};

const refusals: Readonly<Record<number, string>> = {
  400: 'The body is not one JSON object with a `model`, or the path climbs',
  401: 'The token is missing or not known here',
  405: 'The method is not served here; `Allow` names those that are',
  408: 'The body did not arrive in time',
  413: 'The body is larger than `MAX_BODY_BYTES`',
  415: 'The body is compressed in a way that is not read here',
  502: 'No channel answered',
  503: 'No channel could be tried, or the gateway is shutting down; `Retry-After` when waiting helps',
  504: 'No channel answered in time',
  508: 'The request has come back to the gateway that sent it: a channel leads here',
};

const refusalResponses = (statuses: readonly number[], schema: Schema): Responses =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: refusals[status] ?? 'Refused', headers: requestIdHeader, content: { 'application/json': { schema } } },
    ]),
  );

const anyObject: Schema = { type: 'object', additionalProperties: true };

const requestBody: Operation['requestBody'] = {
  required: true,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { model: textSchema('Decides which channels can serve the call'), stream: flagSchema('Asks for an event stream') },
        required: ['model'],
        additionalProperties: true,
      },
    },
  },
};

const tag = 'Model calls';
const security = [{ bearer: [] }, { apiKey: [] }];

const relay = (summary: string, error: Schema): PathItem => ({
  post: {
    tags: [tag],
    summary,
    description:
      'The body goes to the upstream unchanged; so do path, query and headers, save those that belong to a connection or ' +
      "hold credentials. The answer is the upstream's, also when it refuses: its status, headers and body. Before the first " +
      'meaningful byte a failure is tried elsewhere; after it, a stream that breaks ends with an error event.',
    security,
    requestBody,
    responses: {
      200: {
        description: "The upstream's answer, relayed as it comes",
        headers: relayHeaders,
        content: { 'application/json': { schema: anyObject }, 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...refusalResponses([400, 401, 405, 408, 413, 415, 502, 503, 504, 508], error),
      default: { description: 'What the upstream refused with, unchanged', headers: relayHeaders },
    },
  },
});

const openaiModels = objectSchema<{ readonly object: 'list'; readonly data: readonly unknown[] }>('OpenaiModels', {
  object: oneOfSchema(['list']),
  data: listSchema(
    objectSchema<{ readonly id: string; readonly object: 'model'; readonly created: number; readonly owned_by: string }>('OpenaiModel', {
      id: textSchema('The model'),
      object: oneOfSchema(['model']),
      created: integerSchema('Always 0: not known here'),
      owned_by: textSchema('Always `ccload`'),
    }),
  ),
});

interface AnthropicModelFields {
  readonly type: 'model';
  readonly id: string;
  readonly display_name: string;
  readonly created_at: string;
}

interface AnthropicModelsFields {
  readonly data: readonly AnthropicModelFields[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

const anthropicModels = objectSchema<AnthropicModelsFields>('AnthropicModels', {
  data: listSchema(
    objectSchema<AnthropicModelFields>('AnthropicModel', {
      type: oneOfSchema(['model']),
      id: textSchema('The model'),
      display_name: textSchema('The same'),
      created_at: textSchema('Always 1970: not known here'),
    }),
  ),
  has_more: flagSchema('Always false: the list is whole'),
  first_id: orNull(textSchema('`null` when the list is empty')),
  last_id: orNull(textSchema('`null` when the list is empty')),
});

const models: PathItem = {
  get: {
    tags: [tag],
    summary: 'The models of all enabled channels',
    description: "Anthropic's list when the request names an `anthropic-version`, else OpenAI's. HEAD too.",
    security,
    responses: {
      200: {
        description: 'The models, in the order of their names',
        headers: requestIdHeader,
        content: { 'application/json': { schema: { oneOf: [openaiModels, anthropicModels] } } },
      },
      ...refusalResponses([401], { oneOf: [openaiError, anthropicError] }),
    },
  },
};

const anyPath: PathItem = {
  parameters: [{ name: 'path', in: 'path', required: true, description: 'Any depth', schema: { type: 'string' } }],
  ...relay('Any other call: errors as OpenAI writes them', openaiError),
};

/** The paths of the data plane, as OpenAPI writes them. */
export const proxyPaths: OpenAPIObject['paths'] = {
  '/v1/messages': relay('Anthropic Messages', anthropicError),
  '/v1/messages/count_tokens': relay('Anthropic token count', anthropicError),
  '/v1/responses': relay('OpenAI Responses (Codex)', openaiError),
  '/v1/chat/completions': relay('OpenAI Chat Completions', openaiError),
  '/v1/models': models,
  '/v1/{path}': anyPath,
};
