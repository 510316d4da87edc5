import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { secondMs } from '../domain/time.js';

/** Longest wait for the database to answer a look-up that costs it nothing. */
export const databaseAnswerMsMax = secondMs;

export type ReadinessState = 'ready' | 'draining' | 'database-silent' | 'server-silent';

/** Whether new work should be sent here. */
@Injectable()
export class Readiness {
  private draining = false;
  private lookup: Promise<boolean> | undefined;

  constructor(private readonly database: Database) {}

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on `/ready` says 503, so that load balancers look elsewhere. There is no way back. */
  beginDraining(): void {
    this.draining = true;
  }

  async state(): Promise<ReadinessState> {
    if (this.draining) return 'draining';
    const late = new AbortController();
    const answered = await Promise.race([
      this.databaseAnswers(),
      pause(databaseAnswerMsMax, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    if (answered) return 'ready';
    // Every replica would say the same of a server they share, and all of them relay.
    return this.database.isUp && this.database.isShared ? 'server-silent' : 'database-silent';
  }

  /** One look-up at a time: probes of a database that hangs must not queue up behind it. */
  private databaseAnswers(): Promise<boolean> {
    this.lookup ??= this.lookUpNothing().finally(() => (this.lookup = undefined));
    return this.lookup;
  }

  private async lookUpNothing(): Promise<boolean> {
    try {
      // Ids begin at 1, so this finds nothing in the index and is done.
      await this.database.remote('channels').find(0);
      return true;
    } catch {
      return false;
    }
  }
}
