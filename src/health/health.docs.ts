import { documented } from '../http/api-docs.js';
import { countSchema, envelopeOf, momentSchema, objectSchema, oneOfSchema, optional, orNull, textSchema } from '../http/api-schema.js';
import { storageSentences } from '../domain/storage-problem.js';
import type { HealthView, StorageView, UncleanEndView } from './health-view.js';

const tag = 'Health';

const storage = objectSchema<StorageView>('Storage', {
  problem: orNull(oneOfSchema(Object.keys(storageSentences), 'What keeps changes from being stored; null while nothing does')),
  sentence: orNull(textSchema('The same in words')),
  since: orNull(momentSchema('When that began')),
  rows_waiting: countSchema('Log rows that wait in memory'),
  rows_dropped: countSchema('Log rows given up since the start'),
});

const uncleanEnd = objectSchema<UncleanEndView>('UncleanEnd', {
  started_at: momentSchema('When that run began'),
  seen_at: momentSchema('Its last sign of life'),
  rows_missing: countSchema('Log rows that it had recorded by then and that were not stored'),
  rows_uncertain: countSchema('At most about so many more of its last second; an estimate'),
  calls_cut: countSchema('Calls that were under way then and have no row'),
});

const report = objectSchema<HealthView>('Health', { storage, unclean_end: orNull(uncleanEnd) });

/** What the description says of the health checks. */
export const healthDocs = {
  greeting: documented({
    tag,
    summary: 'Says that this is ccLoad',
    access: 'anyone',
    answers: {
      200: { description: 'It answers; HEAD too. A browser (`Accept: text/html`) is led to `/web/` by a 302', schema: objectSchema<{ name: string; status: string }>('Greeting', { name: oneOfSchema(['ccload']), status: oneOfSchema(['ok']) }) },
    },
  }),
  health: documented({
    tag,
    summary: 'Is it alive?',
    access: 'anyone',
    answers: { 200: { description: 'It is; HEAD too', schema: objectSchema<{ status: string }>('Alive', { status: oneOfSchema(['ok']) }) } },
  }),
  ready: documented({
    tag,
    summary: 'Should new work be sent here?',
    access: 'anyone',
    answers: { 200: { description: 'Yes; HEAD too', schema: objectSchema<{ status: string; problem?: string }>('Ready', { status: oneOfSchema(['ready']), problem: optional(textSchema('What to mend although calls are served')) }) } },
    refusals: { 503: 'No: it is shutting down, or the database does not answer' },
  }),
  report: documented({
    tag,
    summary: 'Can everything be stored, and did the last run end properly?',
    access: 'operator',
    answers: { 200: { description: 'How it is', schema: envelopeOf(report) } },
  }),
};
