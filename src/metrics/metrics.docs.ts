import { documented } from '../http/api-docs.js';

/** What the description says of the metrics. */
export const metricsDocs = {
  metrics: documented({
    tag: 'Statistics',
    summary: 'Metrics for Prometheus',
    description: 'Wants `Authorization: Bearer` with `CCLOAD_METRICS_TOKEN` when that is set.',
    access: 'anyone',
    answers: { 200: { description: 'Text, version 0.0.4', mediaType: 'text/plain', schema: { type: 'string' } } },
    refusals: { 401: 'The token is missing or wrong' },
  }),
};
