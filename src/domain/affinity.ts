import type { ChannelId } from './channel.js';
import { LinkedList, type Linked } from './linked-list.js';
import { rankFor, type Conversation, type Rank } from './rendezvous.js';
import { hourMs, type EpochMs } from './time.js';

export const affinityTtlMs = hourMs;
export const affinityEntriesMax = 10_000;

/** In the order in which they were last used. */
class Bond implements Linked<Bond> {
  before: Bond | undefined;
  after: Bond | undefined;

  constructor(
    readonly key: string,
    public channelId: ChannelId,
    public expiresAt: EpochMs,
  ) {}
}

/**
 * Which channel last served a session, so that upstream prompt caches stay warm. A session talks to several models, and
 * not every channel serves them all, so the bond is between (session, model) and channel.
 */
export class SessionAffinity {
  readonly #bonds = new Map<string, Bond>();
  readonly #byUse = new LinkedList<Bond>();

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
    const expiresAt = now + affinityTtlMs;
    const known = this.#bonds.get(key);
    if (known !== undefined) {
      known.channelId = channelId;
      known.expiresAt = expiresAt;
      this.#byUse.moveToEnd(known);
      return;
    }
    if (this.#bonds.size >= affinityEntriesMax) this.#forgetOldest();
    const bond = new Bond(key, channelId, expiresAt);
    this.#bonds.set(key, bond);
    this.#byUse.append(bond);
  }

  #forgetOldest(): void {
    const oldest = this.#byUse.first;
    if (oldest === undefined) return;
    this.#byUse.remove(oldest);
    this.#bonds.delete(oldest.key);
  }
}

const bondKey = ({ session, model }: Conversation): string => `${model}\n${session}`;
