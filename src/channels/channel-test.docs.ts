import { documented } from '../http/api-docs.js';
import { countSchema, envelopeOf, flagSchema, integerSchema, numberSchema, objectSchema, orNull, textSchema } from '../http/api-schema.js';
import type { TestView, UsageView } from './test-call/test-answer.js';

const usage = objectSchema<UsageView>('Usage', {
  input_tokens: countSchema('As the upstream reported them'),
  output_tokens: countSchema('As the upstream reported them'),
  cache_read_tokens: countSchema('As the upstream reported them'),
  cache_creation_tokens: countSchema('As the upstream reported them'),
});

const result = objectSchema<TestView>('TestResult', {
  success: flagSchema('A whole answer of the kind that was asked for'),
  status_code: orNull(integerSchema('`null` when nothing answered')),
  duration_ms: numberSchema('Until the answer ended'),
  first_byte_ms: orNull(numberSchema('Until it began')),
  response_text: textSchema('What the model said'),
  usage: orNull(usage),
  error: orNull(textSchema('What went wrong')),
  raw_response: textSchema('The answer as it came, at most 64 KiB'),
});

/** What the description says of the channel test. */
export const channelTestDocs = {
  test: documented({
    tag: 'Channels',
    summary: 'Send a real small request through one channel',
    description: 'With the headers and the key that a client would get. Costs a few tokens and never changes a cooldown.',
    access: 'operator',
    changes: true,
    readsBody: true,
    hasId: true,
    answers: { 200: { description: 'How it went, also when the channel failed', schema: envelopeOf(result) } },
    refusals: { 503: 'Too many tests are under way' },
  }),
};
