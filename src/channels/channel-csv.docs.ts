import { documented } from '../http/api-docs.js';
import { countSchema, envelopeOf, listSchema, objectSchema, textSchema } from '../http/api-schema.js';
import type { ImportReport } from './import-report.js';

const report = objectSchema<ImportReport>('ImportReport', {
  created: countSchema('New channels'),
  updated: countSchema('Channels that were there by name'),
  skipped: countSchema('Rows that cannot be used'),
  processed: countSchema('The three together'),
  errors: listSchema(textSchema('What is wrong with a row, with its line')),
});

const tag = 'Channels';

/** What the description says of channels as files. */
export const channelCsvDocs = {
  export: documented({
    tag,
    summary: 'All channels as CSV, with their keys in clear',
    description: 'The audit log notes who asked.',
    access: 'operator',
    answers: {
      200: {
        description: '`id,name,api_key,url,priority,models,enabled`, UTF-8 with a byte order mark',
        mediaType: 'text/csv',
        schema: { type: 'string' },
        headers: { 'Content-Disposition': 'Names the file, e.g. `channels-20260131-235959.csv`' },
      },
    },
  }),
  import: documented({
    tag,
    summary: 'Add and change channels from CSV',
    description:
      'Channels are told apart by their names. Good rows are stored in one transaction, bad ones are reported and skipped. ' +
      'With `dry_run` nothing is stored.',
    access: 'operator',
    changes: true,
    file: 'CSV with the columns name, api_key, url and models, and perhaps priority and enabled; at most 10 MiB',
    answers: { 200: { description: 'What was done, or would be', schema: envelopeOf(report) } },
    refusals: { 400: 'The file cannot be used at all', 413: 'The file is larger than 10 MiB', 503: 'Too many changes are waiting already' },
  }),
};
