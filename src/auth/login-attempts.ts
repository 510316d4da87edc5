import { minuteMs, type EpochMs } from '../domain/time.js';

export const loginFailuresMax = 5;
export const loginWindowMs = 15 * minuteMs;
/** Addresses remembered at a time; the one that failed longest ago makes room. */
export const loginAddressesMax = 10_000;

/** Whoever holds an IPv6 network holds all of its addresses, so they count as one: the first 64 bits. */
const callerOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).map((group) => Number.parseInt(group, 16)).join(':');
};

/** Counts failed logins per address. Five within a quarter of an hour close the door until the first of them is that old. */
export class LoginAttempts {
  private readonly failures = new Map<string, readonly EpochMs[]>();

  /** Milliseconds until this address may try again; `undefined` when it may now. */
  waitMs(address: string, now: EpochMs): number | undefined {
    const recent = this.recentFailures(callerOf(address), now);
    const first = recent[0];
    return recent.length < loginFailuresMax || first === undefined ? undefined : first + loginWindowMs - now;
  }

  fail(address: string, now: EpochMs): void {
    const caller = callerOf(address);
    const recent = [...this.recentFailures(caller, now), now];
    this.failures.delete(caller);
    if (this.failures.size >= loginAddressesMax) {
      const oldest = this.failures.keys().next();
      if (oldest.done !== true) this.failures.delete(oldest.value);
    }
    this.failures.set(caller, recent.slice(-loginFailuresMax));
  }

  succeed(address: string): void {
    this.failures.delete(callerOf(address));
  }

  private recentFailures(caller: string, now: EpochMs): readonly EpochMs[] {
    return (this.failures.get(caller) ?? []).filter((at) => now - at < loginWindowMs);
  }
}
