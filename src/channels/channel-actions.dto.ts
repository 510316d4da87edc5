import { secondMs } from '../domain/time.js';
import { Obeys, wholeNumberRule } from '../http/field-rules.js';

/** Shorter than this nobody would notice. */
export const cooldownSetMsMin = secondMs;
/** A week. Whoever wants a channel to rest longer disables it. */
export const cooldownSetMsMax = 7 * 24 * 60 * 60 * secondMs;

/** Body of `POST /admin/channels/:id/cooldown`. */
export class SetCooldownDto {
  @Obeys(wholeNumberRule('duration_ms', cooldownSetMsMin, cooldownSetMsMax)) readonly duration_ms!: number;
}
