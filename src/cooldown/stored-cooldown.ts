import type { ChannelId } from '../domain/channel.js';
import type { Cooldown } from '../domain/cooldown.js';
import type { EpochMs } from '../domain/time.js';

/** A cooldown of a whole channel (`model` undefined) or of the pair (channel, model). */
export interface StoredCooldown {
  readonly channelId: ChannelId;
  readonly model: string | undefined;
  readonly cooldown: Cooldown;
}

/** What became of one scope: its cooldown as it is now, or `undefined` when it has none any more. */
export interface CooldownChange {
  readonly channelId: ChannelId;
  readonly model: string | undefined;
  readonly cooldown: Cooldown | undefined;
  /** Whatever was imposed by then has been lifted; absent when nothing was. */
  readonly liftedAt?: EpochMs;
}
