import type { Cooldown } from './cooldown.js';
import type { EpochMs } from './time.js';

/**
 * What a replica knows of one scope. `liftedAt`: whatever was imposed by then is over, because an attempt that began then
 * succeeded, or an operator said so; 0 when nobody ever lifted anything.
 */
export interface ScopeKnowledge {
  readonly cooldown: Cooldown | undefined;
  readonly liftedAt: EpochMs;
}

/** Of two with the same beginning each knows a part: the later end counts, and whose answer has begun to flow stays proven. */
const joined = (a: Cooldown, b: Cooldown): Cooldown => {
  const later = a.until === b.until ? (a.reason >= b.reason ? a : b) : a.until > b.until ? a : b;
  return { ...later, durationMs: Math.max(a.durationMs, b.durationMs), proven: a.proven || b.proven };
};

const later = (a: Cooldown | undefined, b: Cooldown | undefined): Cooldown | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.since === b.since) return joined(a, b);
  return a.since > b.since ? a : b;
};

/**
 * What two replicas know together. Whoever hears the same news comes to the same result, in whatever order, however often:
 * the operation is associative, commutative and idempotent. An answer from before a cooldown cannot lift it, because what it
 * lifts is what was imposed before it was asked for.
 */
export const mergeKnowledge = (a: ScopeKnowledge, b: ScopeKnowledge): ScopeKnowledge => {
  const liftedAt = Math.max(a.liftedAt, b.liftedAt);
  const cooldown = later(a.cooldown, b.cooldown);
  return { cooldown: cooldown !== undefined && cooldown.since > liftedAt ? cooldown : undefined, liftedAt };
};
