import { latencyBoundsSeconds } from '../domain/latency-bounds.js';
import { documented } from '../http/api-docs.js';
import {
  countSchema,
  envelopeOf,
  integerSchema,
  listSchema,
  mapSchema,
  momentSchema,
  numberSchema,
  objectSchema,
  orNull,
  textSchema,
} from '../http/api-schema.js';
import type { MetricsPointView } from './metrics-view.js';
import type { StatsView } from './stats-view.js';

const tokens = countSchema('As upstreams reported them');
const seconds = orNull(numberSchema('Seconds, of successes; `null` when there was none'));

const estimate = orNull(
  numberSchema('Seconds that 95 of 100 successes did not exceed, estimated within the class of latencies that holds them; the classes end at ' +
    `${latencyBoundsSeconds.join(', ')} s, and the last of these stands for all that took longer. \`null\` when there was none`),
);

const point = objectSchema<MetricsPointView>('MetricsPoint', {
  ts: momentSchema('Start of the bucket'),
  success: countSchema('Requests answered with 2xx'),
  error: countSchema('Requests neither answered nor left by the client'),
  channels: mapSchema(
    objectSchema<MetricsPointView['channels'][string]>('ChannelPoint', {
      success: countSchema('Through this channel'),
      error: countSchema('Through this channel'),
    }),
    'By name; channels without a request are left out',
  ),
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_tokens: tokens,
  cache_creation_tokens: tokens,
  avg_first_byte_time: seconds,
});

const kind = objectSchema<StatsView>('Statistics', {
  channel_id: orNull(integerSchema('`null` when no channel was tried')),
  channel_name: orNull(textSchema('Its name now, or when it was last used')),
  model: textSchema('Models that no channel serves share the name `(other)` when there are many'),
  success: countSchema('Requests answered with 2xx'),
  error: countSchema('Requests neither answered nor left by the client'),
  total: countSchema('Those that the client left included'),
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_tokens: tokens,
  cache_creation_tokens: tokens,
  avg_duration: seconds,
  p95_duration: estimate,
  avg_first_byte_time: seconds,
  p95_first_byte_time: estimate,
});

const tag = 'Statistics';
const refusals = { 400: 'A parameter cannot be used; a sentence for each' };

/** What the description says of the operator's statistics. */
export const adminStatsDocs = {
  metrics: documented({
    tag,
    summary: 'Requests, tokens and first bytes as a curve',
    description: 'One point per bucket of `bucket_min` minutes (5, or more for long spans), the present one last; at most 2000.',
    access: 'operator',
    answers: { 200: { description: 'Oldest first, without gaps', schema: envelopeOf(listSchema(point)) } },
    refusals,
  }),
  kinds: documented({
    tag,
    summary: 'Requests, tokens and latencies per channel and model',
    access: 'operator',
    answers: { 200: { description: 'Most requests first', schema: envelopeOf(listSchema(kind)) } },
    refusals,
  }),
};
