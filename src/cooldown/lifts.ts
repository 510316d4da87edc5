import type { EpochMs } from '../domain/time.js';

/** Lifts that are remembered; the oldest makes room. News of a cooldown that comes later than ten thousand lifts is none. */
export const liftsMax = 10_000;

/** Until when whatever was imposed on a scope is over: what keeps late news of a cooldown from bringing it back. */
export class Lifts {
  private readonly moments = new Map<string, EpochMs>();

  /** 0 when nobody ever lifted anything. */
  of(scope: string): EpochMs {
    return this.moments.get(scope) ?? 0;
  }

  note(scope: string, at: EpochMs): void {
    const before = this.of(scope);
    if (at <= before) return;
    this.moments.delete(scope);
    if (this.moments.size >= liftsMax) {
      const oldest = this.moments.keys().next();
      if (oldest.done !== true) this.moments.delete(oldest.value);
    }
    this.moments.set(scope, at);
  }
}
