import { documented } from '../http/api-docs.js';

const tag = 'Description';

/** What the description says of itself. */
export const apiDocsDocs = {
  page: documented({
    tag,
    summary: 'This description as a page',
    access: 'anyone',
    answers: { 200: { description: 'The page', mediaType: 'text/html', schema: { type: 'string' } } },
  }),
  json: documented({
    tag,
    summary: 'This description as OpenAPI 3.1',
    access: 'anyone',
    answers: { 200: { description: 'The description', schema: { type: 'object', additionalProperties: true } } },
  }),
};
