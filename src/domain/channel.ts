import type { EpochMs } from './time.js';

export type ChannelId = number;

/** One credential of a channel. Today every channel has exactly one; the list is there so that several need no redesign. */
export interface ChannelKey {
  readonly id: number;
  readonly secret: string;
}

/** One model a channel serves, under the name clients ask for (exact, case-sensitive). */
export interface ChannelModel {
  readonly name: string;
}

/** One upstream account. Values are trusted here: whoever stores a channel has validated it. */
export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  /** Base URL, http or https, with or without a trailing slash or `/v1`. */
  readonly url: string;
  readonly keys: readonly ChannelKey[];
  readonly models: readonly ChannelModel[];
  /** Higher is tried first. */
  readonly priority: number;
  readonly enabled: boolean;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}
