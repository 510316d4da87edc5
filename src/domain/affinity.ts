import type { ChannelId } from './channel.js';
import { rankFor, type Conversation, type Rank } from './rendezvous.js';
import { hourMs, type EpochMs } from './time.js';

export const affinityTtlMs = hourMs;
export const affinityEntriesMax = 10_000;

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

  /** `isShared`: other replicas serve the same sessions, and a session without a bond must land on the same channel at each of them. */
  constructor(private readonly isShared = false) {}

  get size(): number {
    return this.#bonds.size;
  }

  preferred(conversation: Conversation, now: EpochMs): ChannelId | undefined {
    const bond = this.#bonds.get(bondKey(conversation));
    return bond !== undefined && now < bond.expiresAt ? bond.channelId : undefined;
  }

  /** How much each channel belongs to the session; `undefined` where nobody else has to agree. */
  rank(conversation: Conversation): Rank | undefined {
    return this.isShared ? rankFor(conversation) : undefined;
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
