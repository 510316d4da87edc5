import type { Channel } from '../domain/channel.js';
import type { ChannelDraft } from './channel-draft.js';
import type { ChannelUpdate, NewChannel } from './channel.dto.js';
import { isMasked } from './masked-key.js';

export const draftOf = ({ name, api_key, url, models, priority = 0, enabled = true }: NewChannel): ChannelDraft => ({
  name,
  apiKey: api_key,
  url,
  models,
  priority,
  enabled,
});

/** What a copy takes over; it serves nobody before somebody has looked at it. */
export const draftOfCopy = ({ keys, url, models, priority }: Channel): Omit<ChannelDraft, 'name'> => ({
  apiKey: keys[0]?.secret ?? '',
  url,
  models: models.map((model) => model.name),
  priority,
  enabled: false,
});

/** What the body changes; a masked key is the one that is stored already. */
export const changesOf = ({ name, api_key, url, models, priority, enabled }: ChannelUpdate): Partial<ChannelDraft> => ({
  ...(name === undefined ? {} : { name }),
  ...(api_key === undefined || isMasked(api_key) ? {} : { apiKey: api_key }),
  ...(url === undefined ? {} : { url }),
  ...(models === undefined ? {} : { models }),
  ...(priority === undefined ? {} : { priority }),
  ...(enabled === undefined ? {} : { enabled }),
});

const secretsOf = (channel: Pick<Channel, 'keys'>): string => JSON.stringify(channel.keys.map((key) => key.secret));

const fieldsOf = ({ name, url, models, priority, enabled, ...channel }: Channel): Readonly<Record<string, unknown>> => ({
  name,
  api_key: secretsOf(channel),
  url,
  models: models.map((model) => model.name),
  priority,
  enabled,
});

/** The API's names of what is another now; names only, because values may be keys. */
export const changedFields = (before: Channel, after: Channel): readonly string[] => {
  const now = fieldsOf(after);
  return Object.entries(fieldsOf(before)).flatMap(([field, value]) =>
    JSON.stringify(value) === JSON.stringify(now[field]) ? [] : [field],
  );
};

/** True when requests go to another place or as somebody else: what was learnt about the old one says nothing any more. */
export const isAnotherAccount = (before: Channel, after: Channel): boolean =>
  before.url !== after.url || secretsOf(before) !== secretsOf(after);
