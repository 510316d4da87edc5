import { documented } from '../http/api-docs.js';
import {
  envelopeOf,
  flagSchema,
  integerSchema,
  listSchema,
  momentSchema,
  objectSchema,
  optional,
  textSchema,
} from '../http/api-schema.js';
import type { ChannelView } from './channel-view.js';

const channel = objectSchema<ChannelView>('Channel', {
  id: integerSchema('Number of the channel'),
  name: textSchema('Unique'),
  api_key: textSchema('Masked: the first 7 and last 4 characters, or nothing of a short key'),
  url: textSchema('Base URL of the upstream'),
  models: listSchema(textSchema('A model, spelt as clients ask for it')),
  priority: integerSchema('Higher is tried first; equal ones take turns'),
  enabled: flagSchema('Disabled channels get no requests'),
  created_at: momentSchema('When it was made'),
  updated_at: momentSchema('When it was last changed'),
  cooldown_until: optional(momentSchema('Only while it cools: until when')),
  cooldown_remaining_ms: optional(integerSchema('Only while it cools: for how long still')),
});

const tag = 'Channels';
const oneChannel = (description: string): { readonly description: string; readonly schema: ReturnType<typeof envelopeOf> } => ({
  description,
  schema: envelopeOf(channel),
});
const writing = { 409: 'Another channel has this name', 503: 'Too many changes are waiting already' } as const;
const key = objectSchema<{ readonly api_key: string }>('Key', { api_key: textSchema('The key in clear') });

/** What the description says of every channel route. */
export const channelDocs = {
  list: documented({
    tag,
    summary: 'All channels, best priority first, then by id',
    access: 'operator',
    answers: { 200: { description: 'The channels', schema: envelopeOf(listSchema(channel)) } },
  }),
  create: documented({
    tag,
    summary: 'Add a channel',
    description: 'In force for the next request.',
    access: 'operator',
    changes: true,
    readsBody: true,
    answers: { 201: oneChannel('The new channel') },
    refusals: writing,
  }),
  find: documented({
    tag,
    summary: 'One channel',
    access: 'operator',
    hasId: true,
    answers: { 200: oneChannel('The channel') },
  }),
  update: documented({
    tag,
    summary: 'Change a channel',
    description:
      'Takes the whole channel, or `enabled` alone to switch it. A missing or masked `api_key` keeps the stored one. ' +
      'What `GET` shows besides (`id`, times, cooldown) may come back; with `updated_at` the change is refused when somebody ' +
      'else was faster. Another URL or key ends the cooldown.',
    access: 'operator',
    changes: true,
    readsBody: true,
    hasId: true,
    answers: { 200: oneChannel('The changed channel') },
    refusals: { ...writing, 409: 'Another channel has this name, or this one was changed since' },
  }),
  remove: documented({
    tag,
    summary: 'Delete a channel',
    access: 'operator',
    changes: true,
    hasId: true,
    answers: { 204: { description: 'It is gone' } },
    refusals: { 503: writing[503] },
  }),
  key: documented({
    tag,
    summary: 'The key in clear',
    description: 'Everywhere else it is masked. The audit log notes who asked.',
    access: 'operator',
    hasId: true,
    answers: { 200: { description: 'The key', schema: envelopeOf(key) } },
  }),
  coolDown: documented({
    tag,
    summary: 'Let a channel rest',
    description: 'In force at once. Nobody is sent there until the time is over.',
    access: 'operator',
    changes: true,
    readsBody: true,
    hasId: true,
    answers: { 200: oneChannel('The channel with its cooldown') },
  }),
  endCooldown: documented({
    tag,
    summary: 'End the cooldown of a channel',
    access: 'operator',
    changes: true,
    hasId: true,
    answers: { 200: oneChannel('The channel without a cooldown') },
  }),
};
