import { documented } from '../http/api-docs.js';
import { objectSchema, oneOfSchema } from '../http/api-schema.js';

const tag = 'Health';

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
    answers: { 200: { description: 'Yes; HEAD too', schema: objectSchema<{ status: string }>('Ready', { status: oneOfSchema(['ready']) }) } },
    refusals: { 503: 'No: it is shutting down, or the database does not answer' },
  }),
};
