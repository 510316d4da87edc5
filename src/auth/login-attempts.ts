import { networkOf } from '../domain/network.js';
import { minuteMs, type EpochMs } from '../domain/time.js';

export const loginFailuresMax = 5;
export const loginWindowMs = 15 * minuteMs;
/** Failures of all addresses together within the window; beyond, only those that have logged in before may try. */
export const loginFailuresOfAllMax = 200;
/** Addresses known to be the operator's; the one that logged in longest ago makes room. */
const knownAddressesMax = 1_000;
/** Addresses remembered at a time; the one that failed longest ago makes room. */
export const loginAddressesMax = 10_000;

const recentOf = (failures: readonly EpochMs[], now: EpochMs): readonly EpochMs[] =>
  failures.filter((at) => now - at < loginWindowMs);

/** Milliseconds until one of `max` failures is old enough to be forgotten. */
const waitOf = (recent: readonly EpochMs[], max: number, now: EpochMs): number | undefined => {
  const first = recent[0];
  return recent.length < max || first === undefined ? undefined : first + loginWindowMs - now;
};

const dropOldest = (remembered: Map<string, unknown> | Set<string>, max: number): void => {
  if (remembered.size < max) return;
  const oldest = remembered.keys().next();
  if (oldest.done !== true) remembered.delete(oldest.value);
};

/**
 * Counts failed logins. Five of one address within a quarter of an hour close the door to it until the first of them is
 * that old. Whoever has thousands of addresses meets a second bound, over all of them; so that nobody can lock the
 * operator out with it, it does not hold for addresses that have logged in before.
 */
export class LoginAttempts {
  private readonly failures = new Map<string, readonly EpochMs[]>();
  private readonly known = new Set<string>();
  /** At most `loginFailuresOfAllMax`, oldest first. */
  private failuresOfAll: readonly EpochMs[] = [];

  /** Milliseconds until this address may try again; `undefined` when it may now. */
  waitMs(address: string, now: EpochMs): number | undefined {
    const caller = networkOf(address);
    const own = this.recentFailures(caller, now);
    const all = this.known.has(caller) ? [] : recentOf(this.failuresOfAll, now);
    return waitOf(own, loginFailuresMax, now) ?? waitOf(all, loginFailuresOfAllMax, now);
  }

  fail(address: string, now: EpochMs): void {
    const caller = networkOf(address);
    const recent = [...this.recentFailures(caller, now), now];
    this.failures.delete(caller);
    dropOldest(this.failures, loginAddressesMax);
    this.failures.set(caller, recent.slice(-loginFailuresMax));
    this.failuresOfAll = [...recentOf(this.failuresOfAll, now), now].slice(-loginFailuresOfAllMax);
  }

  succeed(address: string): void {
    const caller = networkOf(address);
    this.failures.delete(caller);
    this.known.delete(caller);
    dropOldest(this.known, knownAddressesMax);
    this.known.add(caller);
  }

  private recentFailures(caller: string, now: EpochMs): readonly EpochMs[] {
    return recentOf(this.failures.get(caller) ?? [], now);
  }
}
