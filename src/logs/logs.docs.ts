import { documented } from '../http/api-docs.js';
import {
  countSchema,
  flagSchema,
  integerSchema,
  listSchema,
  momentSchema,
  numberSchema,
  objectSchema,
  orNull,
  pageOf,
  textSchema,
} from '../http/api-schema.js';
import type { LogView, TraceStepView } from './log-view.js';

const traceStep = objectSchema<TraceStepView>('TraceStep', {
  channel_id: integerSchema('The channel that was looked at'),
  channel_name: textSchema('Its name then'),
  note: textSchema('What became of it'),
});

const logRow = objectSchema<LogView>('LogRow', {
  id: integerSchema('Number of the row'),
  time: momentSchema('When the attempt began'),
  request_id: textSchema('The `x-ccload-request-id` the client got'),
  attempt: countSchema('1 is the first; 0 when no channel was tried'),
  final: flagSchema('True for exactly one row of a request: the one that tells how it ended'),
  model: textSchema('Empty when the request named none'),
  channel_id: orNull(integerSchema('`null` when no channel was tried')),
  channel_name: orNull(textSchema('Its name then')),
  path: textSchema('Path of the request, without its query'),
  status_code: integerSchema('499: the client left'),
  message: textSchema('What happened; at most 512 characters'),
  duration: numberSchema('Seconds'),
  is_streaming: flagSchema('The client asked for a stream'),
  first_byte_time: orNull(numberSchema('Seconds until the answer began')),
  input_tokens: orNull(countSchema('As the upstream reported them')),
  output_tokens: orNull(countSchema('As the upstream reported them')),
  cache_read_tokens: orNull(countSchema('As the upstream reported them')),
  cache_creation_tokens: orNull(countSchema('As the upstream reported them')),
  usage_incomplete: flagSchema('The answer broke off before its last report of tokens'),
  client_ip: textSchema('Who asked'),
  token_label: orNull(textSchema('Which token was shown, by its position in the configuration')),
  trace: orNull(listSchema(traceStep, 'How the channel was chosen')),
});

/** What the description says of the request log. */
export const logDocs = {
  page: documented({
    tag: 'Log',
    summary: 'One row per attempt, newest first',
    description: 'Under `/admin/errors` too, the name it had in the first ccLoad.',
    access: 'operator',
    answers: { 200: { description: 'One page; `count` is how many rows match', schema: pageOf(logRow) } },
    refusals: { 400: 'A filter cannot be used; a sentence for each' },
  }),
};
