import type { ChannelId } from './channel.js';

/** A session's talk with one model. */
export interface Conversation {
  readonly session: string;
  readonly model: string;
}

/** FNV-1a over UTF-16 code units: short texts, and the same on every machine. */
const hashOf = (text: string, seed: number): number => {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
};

/** The last steps of MurmurHash3: every bit of the input moves every bit of the outcome. */
const mixed = (value: number): number => {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** How much a channel belongs to one conversation: 0 or more. */
export type Rank = (channelId: ChannelId) => number;

/**
 * Rendezvous hashing: whoever ranks the channels for a conversation comes to the same order, without having heard of it
 * before. The first of those that are available is its home; while that one cools the second takes its place, and no other
 * conversation moves.
 */
export const rankFor = ({ session, model }: Conversation): Rank => {
  const seed = hashOf(session, hashOf(model, 0x811c9dc5));
  return (channelId) => mixed(seed ^ mixed(channelId));
};
