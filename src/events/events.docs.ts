import { documented } from '../http/api-docs.js';

/** What the description says of the events. */
export const eventsDocs = {
  events: documented({
    tag: 'Events',
    summary: 'What happens, as server-sent events',
    description:
      'Events `log` (a request has ended: its final row without id), `cooldown` (one began, changed or was lifted), `live` ' +
      '(calls under way, every second while there are any) and `skipped` (how many there was no room for). A reader that is ' +
      'too slow is let go; every connection ends after 15 minutes, and browsers connect again by themselves.',
    access: 'operator',
    answers: { 200: { description: 'A stream without end', mediaType: 'text/event-stream', schema: { type: 'string' } } },
    refusals: { 503: 'As many listen as may' },
  }),
};
