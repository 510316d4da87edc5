import type { Channel } from '../domain/channel.js';
import type { ChannelDraft } from './channel-draft.js';
import type { CreateChannelDto, UpdateChannelDto } from './channel.dto.js';
import { isMasked } from './masked-key.js';

export const draftOf = ({ name, api_key, url, models, priority = 0, enabled = true }: CreateChannelDto): ChannelDraft => ({
  name,
  apiKey: api_key,
  url,
  models,
  priority,
  enabled,
});

/** What the body changes; a masked key is the one that is stored already. */
export const changesOf = ({ name, api_key, url, models, priority, enabled }: UpdateChannelDto): Partial<ChannelDraft> => ({
  ...(name === undefined ? {} : { name }),
  ...(api_key === undefined || isMasked(api_key) ? {} : { apiKey: api_key }),
  ...(url === undefined ? {} : { url }),
  ...(models === undefined ? {} : { models }),
  ...(priority === undefined ? {} : { priority }),
  ...(enabled === undefined ? {} : { enabled }),
});

const secretsOf = (channel: Channel): string => JSON.stringify(channel.keys.map((key) => key.secret));

/** True when requests go to another place or as somebody else: what was learnt about the old one says nothing any more. */
export const isAnotherAccount = (before: Channel, after: Channel): boolean =>
  before.url !== after.url || secretsOf(before) !== secretsOf(after);
