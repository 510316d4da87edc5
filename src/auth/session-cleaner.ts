import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Remote } from '../database/remote.js';
import { Database } from '../database/database.js';
import { hourMs } from '../domain/time.js';
import type { SessionRepository } from './session.repository.js';

const sessionsPerSlice = 500;
const slicesMax = 100;

/** Removes expired sessions from the table, a slice at a time so that other calls get in between. */
@Injectable()
export class SessionCleaner {
  private readonly logger = new Logger('Auth');
  private readonly sessions: Remote<SessionRepository>;

  constructor(database: Database) {
    this.sessions = database.remote('sessions');
  }

  @Interval(hourMs) async clean(): Promise<void> {
    try {
      for (let slice = 0; slice < slicesMax; slice += 1) {
        if ((await this.sessions.deleteExpired(Date.now(), sessionsPerSlice)) < sessionsPerSlice) return;
      }
    } catch (error) {
      this.logger.warn(`expired sessions stay for another hour: ${String(error)}`);
    }
  }
}
