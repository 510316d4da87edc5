/**
 * How much an upstream's answer tells a client whose request every channel failed. Higher is told.
 *
 * - 429 first: it is true of the gateway as a whole, clients know how to wait, and its `Retry-After` says how long.
 * - Then 5xx (529 among them), 408 and 425: passing trouble, the client will try again.
 * - Then 404 and 410: this channel does not know the model. Final for the client, so it must not hide passing trouble of
 *   a channel that does know it.
 * - Then the rest, credit above all (400, 402): it is about our account. The client cannot mend it, but understands it.
 * - Then 403, and 401 last: they are about our key for the channel. A client takes them for its own and throws a valid
 *   token away or asks its user to log in again; it sees them only if every channel said just that.
 */
const weightOf = (status: number): number => {
  if (status === 429) return 6;
  if (status >= 500 || status === 408 || status === 425) return 5;
  if (status === 404 || status === 410) return 4;
  if (status === 401) return 1;
  return status === 403 ? 2 : 3;
};

/**
 * The answer that tells the client most truthfully why no channel served it; among equals the latest. `undefined` only
 * for an empty list. Client errors that are relayed at once never come here.
 */
export const mostTelling = <T extends { readonly status: number }>(answers: readonly T[]): T | undefined => {
  let best: T | undefined;
  for (const answer of answers) {
    if (best === undefined || weightOf(answer.status) >= weightOf(best.status)) best = answer;
  }
  return best;
};
