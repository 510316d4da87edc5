import type { ChannelId } from '../domain/channel.js';
import type { EpochMs } from '../domain/time.js';

/** Channels whose last clear is remembered; the oldest makes room. An attempt is seldom older than ten thousand clears. */
export const clearsMax = 10_000;

interface Clear {
  /** By the clock of whoever cleared. */
  readonly at: EpochMs;
  /** By the clock here: what an attempt from before has to say is about what was here until then. */
  readonly heardAt: EpochMs;
}

/**
 * When each channel was last cleared: by hand, because its URL or key is another now, or because it was deleted. Unlike the
 * lift that a success brings, a clear also ends what attempts under way will find out: they know only what was before.
 */
export class Clears {
  private readonly clears = new Map<ChannelId, Clear>();

  /** 0 when nobody ever did. */
  of(channelId: ChannelId): EpochMs {
    return this.clears.get(channelId)?.at ?? 0;
  }

  /** False when it was known. */
  note(channelId: ChannelId, at: EpochMs, now: EpochMs): boolean {
    if (at <= this.of(channelId)) return false;
    this.clears.delete(channelId);
    if (this.clears.size >= clearsMax) {
      const oldest = this.clears.keys().next();
      if (oldest.done !== true) this.clears.delete(oldest.value);
    }
    this.clears.set(channelId, { at, heardAt: now });
    return true;
  }

  /** True when the channel was cleared since. A clear that has not come yet is from before the clock was set back. */
  isSince(channelId: ChannelId, startedAt: EpochMs, now: EpochMs): boolean {
    const heardAt = this.clears.get(channelId)?.heardAt;
    return heardAt !== undefined && startedAt <= heardAt && heardAt <= now;
  }
}
