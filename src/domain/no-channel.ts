import type { Catalog } from './catalog.js';
import type { Sleeper } from './selection.js';
import { secondMs, type EpochMs } from './time.js';

/**
 * How long to wait for another request's probe. It opens the channel when its answer begins, which most do within this time;
 * if it takes minutes, the next request hears the same.
 */
export const probedRetryAfterSeconds = 5;

/** Why no channel could be tried, for the client to read. */
export interface NoChannel {
  readonly message: string;
  /** Whole seconds, at least 1; `undefined` when waiting will not help. */
  readonly retryAfterSeconds: number | undefined;
}

/** The first of a model's channels that may be tried again, seen from `now`. */
export type Waking = Pick<Sleeper, 'at' | 'standing'> & { readonly now: EpochMs };

/** `waking` is `undefined` when the model has no channels. */
export const noChannel = (catalog: Catalog, model: string, waking: Waking | undefined): NoChannel => {
  if (waking?.standing.kind === 'half-open' && waking.standing.probing) {
    const message = `The channels that serve the model "${model}" have failed, and another request is probing whether one of them works again.`;
    return { message, retryAfterSeconds: probedRetryAfterSeconds };
  }
  if (waking !== undefined) {
    const { at: wakesAt, now, standing } = waking;
    const cause = standing.kind === 'cooling' && standing.byHand ? '' : ' after failures';
    const retryAfterSeconds = Math.max(1, Math.ceil((wakesAt - now) / secondMs));
    const until = new Date(Math.max(wakesAt, now)).toISOString();
    return { message: `All channels that serve the model "${model}" are cooling down${cause} until ${until}.`, retryAfterSeconds };
  }
  const message = catalog.disabledModels.has(model)
    ? `All channels that serve the model "${model}" are disabled.`
    : `No channel serves the model "${model}". Add it to a channel, or ask for one that GET /v1/models lists.`;
  return { message, retryAfterSeconds: undefined };
};
