import type { Catalog } from './catalog.js';
import { secondMs, type EpochMs } from './time.js';

/** Why no channel could be tried, for the client to read. */
export interface NoChannel {
  readonly message: string;
  /** Whole seconds, at least 1; `undefined` when waiting will not help. */
  readonly retryAfterSeconds: number | undefined;
}

/** `waking`: when the first of the model's channels may be tried again, seen from `now`; `undefined` when it has none. */
export const noChannel = (
  catalog: Catalog,
  model: string,
  waking: { readonly at: EpochMs; readonly now: EpochMs } | undefined,
): NoChannel => {
  if (waking !== undefined) {
    const { at: wakesAt, now } = waking;
    const retryAfterSeconds = Math.max(1, Math.ceil((wakesAt - now) / secondMs));
    const until = new Date(Math.max(wakesAt, now)).toISOString();
    return { message: `All channels that serve the model "${model}" are cooling down after failures until ${until}.`, retryAfterSeconds };
  }
  const message = catalog.disabledModels.has(model)
    ? `All channels that serve the model "${model}" are disabled.`
    : `No channel serves the model "${model}". Add it to a channel, or ask for one that GET /v1/models lists.`;
  return { message, retryAfterSeconds: undefined };
};
