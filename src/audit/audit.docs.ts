import { documented } from '../http/api-docs.js';
import { integerSchema, momentSchema, objectSchema, orNull, pageOf, textSchema } from '../http/api-schema.js';
import type { AuditView } from './audit-view.js';

const auditEvent = objectSchema<AuditView>('AuditEvent', {
  id: integerSchema('Number of the event'),
  time: momentSchema('When it happened'),
  action: textSchema('What was done, e.g. `login` or `channel-updated`'),
  actor: orNull(textSchema('A name for the session; `null` for whoever has none')),
  client_ip: textSchema('From where'),
  target: orNull(textSchema('What it was done to, e.g. `channel 5`')),
  detail: textSchema('At most 512 characters; never a key, a password or a token'),
});

/** What the description says of the audit log. */
export const auditDocs = {
  page: documented({
    tag: 'Audit log',
    summary: 'Who did what, newest first',
    access: 'operator',
    answers: { 200: { description: 'One page; `count` is how many events there are', schema: pageOf(auditEvent) } },
    refusals: { 400: 'A filter cannot be used; a sentence for each' },
  }),
};
