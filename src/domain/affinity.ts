import type { ChannelId } from './channel.js';
import { hourMs, type EpochMs } from './time.js';

export const affinityTtlMs = hourMs;
export const affinityEntriesMax = 10_000;

/** A session's talk with one model. */
export interface Conversation {
  readonly session: string;
  readonly model: string;
}

interface Bond {
  readonly channelId: ChannelId;
  readonly expiresAt: EpochMs;
}

/**
 * Which channel last served a session, so that upstream prompt caches stay warm. A session talks to several models, and
 * not every channel serves them all, so the bond is between (session, model) and channel.
 *
 * A Map keeps insertion order; remembering moves a bond to the end, so the first entry is always the least recently used.
 */
export class SessionAffinity {
  readonly #bonds = new Map<string, Bond>();

  get size(): number {
    return this.#bonds.size;
  }

  preferred(conversation: Conversation, now: EpochMs): ChannelId | undefined {
    const bond = this.#bonds.get(bondKey(conversation));
    return bond !== undefined && now < bond.expiresAt ? bond.channelId : undefined;
  }

  /** Called after a success; slides the bond's expiry. The least recently used bond makes room. */
  remember(conversation: Conversation, channelId: ChannelId, now: EpochMs): void {
    const key = bondKey(conversation);
    this.#bonds.delete(key);
    if (this.#bonds.size >= affinityEntriesMax) {
      const oldest = this.#bonds.keys().next();
      if (oldest.done !== true) this.#bonds.delete(oldest.value);
    }
    this.#bonds.set(key, { channelId, expiresAt: now + affinityTtlMs });
  }
}

const bondKey = ({ session, model }: Conversation): string => `${model}\n${session}`;
