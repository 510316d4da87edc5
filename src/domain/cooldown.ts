import type { ChannelId } from './channel.js';
import { hourMs, minuteMs, secondMs, type EpochMs } from './time.js';

/** What a failure costs, and whom: the pair (channel, model) or the whole channel. */
export interface Penalty {
  readonly scope: 'model' | 'channel';
  /** Duration of the first cooldown of an episode; each further consecutive failure doubles the last one. */
  readonly firstMs: number;
  /** How long the server asked us to wait. Wins over the schedule, capped at `hintMsMax`. */
  readonly hintMs?: number;
  /** For operators, e.g. "rate limit". */
  readonly reason: string;
}

/** One attempt, as cooldowns see it: whom it tries, and when it began. */
export interface Trial {
  readonly channelId: ChannelId;
  readonly model: string;
  readonly startedAt: EpochMs;
}

/**
 * A scope's memory of its failures. It passes through three phases: cooling (`now < until`), half-open (one probe at a
 * time) and proven (a probe's answer has begun to flow; everyone is admitted, the level is kept until a full success). An
 * early probe proves it before its time.
 */
export interface Cooldown {
  readonly until: EpochMs;
  /** The scheduled duration, before jitter or hints; what the next failure doubles. */
  readonly durationMs: number;
  /**
   * When it was imposed, or last confirmed by a failed early probe: imposed at 12:00:00 and confirmed at 12:00:07, it is
   * 12:00:07. Never ahead of the clock when it is taken down, so that the next probe is not taken for one from before.
   */
  readonly since: EpochMs;
  readonly reason: string;
  readonly proven: boolean;
  /** Where merging sorts it in, if not at `since`: behind the lift that it follows, whatever the clocks say (see `placeOf`). */
  readonly place?: EpochMs;
}

/** The reason of a cooldown that was imposed by hand. */
export const operatorReason = 'set by an operator';

/** A cooldown by hand is an order, not an outage: nobody tests whether it is still needed. The reason says so, because it is stored and told. */
export const isByHand = ({ reason }: Cooldown): boolean => reason === operatorReason;

/**
 * An attempt from before a cooldown was imposed knows nothing of what it is about: it can neither lift nor renew it. Before
 * an order has ended, no attempt can.
 */
export const isFromBefore = (trial: Pick<Trial, 'startedAt'>, cooldown: Cooldown): boolean =>
  trial.startedAt < (isByHand(cooldown) ? cooldown.until : cooldown.since);

/** How a channel stands for a model. `half-open` and `cooling` say whether the single probe place is taken. */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'half-open'; readonly probing: boolean; readonly reason: string }
  | {
      readonly kind: 'cooling';
      readonly until: EpochMs;
      readonly since: EpochMs;
      readonly probing: boolean;
      /** An operator's order, also where a longer cooldown lies over it. */
      readonly byHand: boolean;
      readonly reason: string;
    };

export const cooldownMsMax = 30 * minuteMs;
/** A hint above this is probed each hour, never believed blindly. */
export const hintMsMax = hourMs;
/** When everyone cools, a channel is probed ahead of time at most this often. */
export const earlyProbeEveryMs = secondMs;
/** Scheduled cooldowns vary by ±10 % within `cooldownMsMax`, so that channels felled together do not wake together. */
export const jitterRatio = 0.1;

export const isCooling = ({ until, proven }: Cooldown, now: EpochMs): boolean => now < until && !proven;

/**
 * A level decays: a scope that stayed quiet for twice its last duration (scheduled or hinted) starts afresh. Quiet begins
 * when the cooldown ends, or when a probe that outlasted it failed.
 */
export const isForgotten = ({ until, since, durationMs }: Cooldown, now: EpochMs): boolean =>
  now >= Math.max(until, since) + 2 * Math.max(durationMs, until - since);

/** The standing of one scope; `probing` tells whether a probe of it is running. */
export const standingOf = (cooldown: Cooldown | undefined, probing: boolean, now: EpochMs): Standing => {
  if (cooldown === undefined || isForgotten(cooldown, now)) return { kind: 'open' };
  const { until, since, reason } = cooldown;
  if (isCooling(cooldown, now)) return { kind: 'cooling', until, since, probing, byHand: isByHand(cooldown), reason };
  return cooldown.proven ? { kind: 'open' } : { kind: 'half-open', probing, reason };
};

const strictness = { open: 0, 'half-open': 1, cooling: 2 } as const;

/**
 * The stricter of two standings: a pair is as available as its least available scope. Of two that cool, the later `until`
 * counts, and the later `since` too: it paces early probes, and a probe may have renewed only the shorter cooldown.
 */
export const stricter = (a: Standing, b: Standing): Standing => {
  if (a.kind === 'open') return b;
  if (b.kind === 'open') return a;
  const probing = a.probing || b.probing;
  if (a.kind === 'cooling' && b.kind === 'cooling') {
    return { ...(a.until >= b.until ? a : b), since: Math.max(a.since, b.since), probing, byHand: a.byHand || b.byHand };
  }
  return { ...(strictness[a.kind] >= strictness[b.kind] ? a : b), probing };
};

/**
 * May the request that finds everyone cooling try this channel ahead of time? Never against an order; paced, and only while
 * no other probe runs. A `since` that has not come yet is from before the clock was set back, and long ago.
 */
export const mayProbeEarly = ({ byHand, probing, since }: Standing & { kind: 'cooling' }, now: EpochMs): boolean =>
  !byHand && !probing && (now - since >= earlyProbeEveryMs || now < since);

/** When a failure happened; `jitter` is a random number in [0, 1). */
export interface FailureTime {
  /** When the attempt began that failed. */
  readonly startedAt: EpochMs;
  readonly now: EpochMs;
  readonly jitter: number;
}

/**
 * The cooldown after a failure.
 *
 * - An attempt that began before the current cooldown was imposed belongs to the same episode: nothing doubles.
 * - One that began while the scope was cooling was an early probe, made because nobody else was left: it confirms the
 *   outage but must not stretch the cooldown beyond the schedule, or cooldowns would outlive the outage.
 * - One that began after the cooldown had ended doubles the last duration.
 * - One that began before the end of an order changes nothing.
 *
 * A server's hint decides `until` in every other case, without jitter.
 */
export const penalise = (
  previous: Cooldown | undefined,
  penalty: Penalty,
  { startedAt, now, jitter }: FailureTime,
): Cooldown => {
  const live = previous !== undefined && !isForgotten(previous, now) ? previous : undefined;
  const hinted = penalty.hintMs !== undefined && penalty.hintMs > 0 ? now + Math.min(penalty.hintMs, hintMsMax) : undefined;
  const { reason } = penalty;

  if (live !== undefined && startedAt < live.until) {
    if (isByHand(live)) return live;
    return startedAt < live.since ? { ...live, until: Math.max(hinted ?? 0, live.until), reason } : { ...live, since: now, until: hinted ?? live.until, reason, proven: false };
  }

  const doubled = live === undefined ? penalty.firstMs : Math.max(2 * live.durationMs, penalty.firstMs);
  const durationMs = Math.min(doubled, cooldownMsMax);
  const jittered = Math.min(durationMs * (1 - jitterRatio + 2 * jitterRatio * jitter), cooldownMsMax);
  return { until: hinted ?? now + Math.round(jittered), durationMs, since: now, reason, proven: false };
};
