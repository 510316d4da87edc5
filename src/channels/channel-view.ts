import type { Channel } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';
import { maskedKey } from './masked-key.js';

/** A channel as the API shows it: the key masked, times in unix ms. */
export interface ChannelView {
  readonly id: number;
  readonly name: string;
  readonly api_key: string;
  readonly url: string;
  readonly models: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly created_at: EpochMs;
  readonly updated_at: EpochMs;
  /** Only while it cools. */
  readonly cooldown_until?: EpochMs;
  readonly cooldown_remaining_ms?: number;
}

/** `coolingUntil` is `undefined` for a channel that does not cool. */
export const channelView = (channel: Channel, coolingUntil: EpochMs | undefined, now: EpochMs): ChannelView => ({
  id: channel.id,
  name: channel.name,
  api_key: maskedKey(channel.keys[0]?.secret ?? ''),
  url: channel.url,
  models: channel.models.map((model) => model.name),
  priority: channel.priority,
  enabled: channel.enabled,
  created_at: channel.createdAt,
  updated_at: channel.updatedAt,
  ...(coolingUntil === undefined ? {} : { cooldown_until: coolingUntil, cooldown_remaining_ms: coolingUntil - now }),
});
