import { documented } from '../http/api-docs.js';
import { countSchema, envelopeOf, objectSchema } from '../http/api-schema.js';
import type { SummaryView } from './summary-view.js';

const summary = objectSchema<SummaryView>('Summary', {
  total_requests: countSchema('Requests of clients, not attempts'),
  success_requests: countSchema('Answered with 2xx'),
  error_requests: countSchema('Neither answered nor left by the client'),
  active_channels: countSchema('Enabled channels'),
  active_models: countSchema('Models of enabled channels'),
  hours: countSchema('The span that was counted'),
});

/** What the description says of the statistics. */
export const statsDocs = {
  summary: documented({
    tag: 'Statistics',
    summary: 'Totals of the last 24 hours',
    access: 'anyone',
    answers: { 200: { description: 'At most two seconds old', schema: envelopeOf(summary) } },
  }),
};
