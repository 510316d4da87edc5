import type { Cooldown } from './cooldown.js';
import { secondMs, type EpochMs } from './time.js';

/**
 * What a replica knows of one scope. `liftedAt`: whatever was imposed by then is over, because an attempt that began then
 * succeeded, or an operator said so; 0 when nobody ever lifted anything.
 */
export interface ScopeKnowledge {
  readonly cooldown: Cooldown | undefined;
  readonly liftedAt: EpochMs;
  /** Of a channel: when it was cleared last. Attempts from before say nothing about what it is now. */
  readonly clearedAt?: EpochMs;
}

/**
 * An operator's word goes before what others do who may not have heard it yet: its place lies this far ahead of its time.
 * Whoever has heard it places what follows behind it. Ten times what lost news take (ADR 0021).
 */
export const unheardMsMax = 10 * secondMs;

/**
 * Where merging sorts a cooldown in, and what a lift must reach to end it. As a rule that is when it was imposed. Whoever
 * knows of a lift or of another cooldown that lies later on the clock (the clock was set back, or an operator spoke) places
 * the next one behind it: lifted at 12:00:09 and imposed at 12:00:03 by a clock that was set back, its place is a
 * millisecond after 12:00:09.
 */
export const placeOf = ({ since, place }: Cooldown): EpochMs => place ?? since;

/** The same cooldown at its place. */
export const placedAt = (cooldown: Cooldown, place: EpochMs): Cooldown => {
  const { until, durationMs, since, reason, proven } = cooldown;
  const unplaced: Cooldown = { until, durationMs, since, reason, proven };
  return place === since ? unplaced : { ...unplaced, place };
};

/** The same cooldown by a clock that shows `now`: a beginning that is yet to come is from another clock, or from before this one was set back. */
export const begunBy = (cooldown: Cooldown, now: EpochMs): Cooldown =>
  cooldown.since <= now ? cooldown : placedAt({ ...cooldown, since: now }, placeOf(cooldown));

/** Of two in the same place each knows a part: the later end counts, and whose answer has begun to flow stays proven. */
const joined = (a: Cooldown, b: Cooldown): Cooldown => {
  const later = a.until === b.until ? (a.reason >= b.reason ? a : b) : a.until > b.until ? a : b;
  const durationMs = Math.max(a.durationMs, b.durationMs);
  return placedAt({ ...later, since: Math.min(a.since, b.since), durationMs, proven: a.proven || b.proven }, placeOf(a));
};

const later = (a: Cooldown | undefined, b: Cooldown | undefined): Cooldown | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  if (placeOf(a) === placeOf(b)) return joined(a, b);
  return placeOf(a) > placeOf(b) ? a : b;
};

/**
 * What two replicas know together. Whoever hears the same news comes to the same result, in whatever order, however often:
 * the operation is associative, commutative and idempotent. An answer from before a cooldown cannot lift it, because what it
 * lifts is what was imposed before it was asked for.
 */
export const mergeKnowledge = (a: ScopeKnowledge, b: ScopeKnowledge): ScopeKnowledge => {
  const liftedAt = Math.max(a.liftedAt, b.liftedAt);
  const clearedAt = Math.max(a.clearedAt ?? 0, b.clearedAt ?? 0);
  const last = later(a.cooldown, b.cooldown);
  const cooldown = last !== undefined && placeOf(last) > liftedAt ? last : undefined;
  return clearedAt === 0 ? { cooldown, liftedAt } : { cooldown, liftedAt, clearedAt };
};
