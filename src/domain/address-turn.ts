import { secondMs } from './time.js';

/**
 * How long one address of a name is tried before the next one gets its turn, where connecting may take `connectMs` in all.
 *
 * A first packet that is lost is repeated after 1 s, and after another 2 (RFC 6298 §2): a third of the usual 10 s bears both.
 * Node's own 250 ms give up a distant address, or a lossy way, for one that may lead nowhere. An address that swallows
 * packets costs a new connection this third, and leaves the others two.
 */
export const addressTurnMs = (connectMs: number): number => Math.max(secondMs, Math.ceil(connectMs / 3));
