import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Interval, Timeout } from '@nestjs/schedule';
import type { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { hourMs, minuteMs } from '../domain/time.js';
import type { LogRepository } from './log.repository.js';

const dayMs = 24 * hourMs;
const rowsPerSlice = 2_000;
const slicesMax = 5_000;
/** Between two slices other calls have the database to themselves. */
const pauseMs = 50;

/** Removes log rows that are older than the operator wants to keep, a slice at a time. */
@Injectable()
export class LogRetention {
  private readonly logger = new Logger('Logs');
  private readonly logs: Remote<LogRepository>;
  private readonly keptMs: number;
  private isRunning = false;

  constructor(database: Database, settings: ConfigService<Config, true>) {
    this.logs = database.remote('logs');
    this.keptMs = settings.get('logRetentionDays', { infer: true }) * dayMs;
  }

  /** Soon after the start too: a program that never runs for an hour would never clean up. */
  @Timeout(minuteMs) async afterStart(): Promise<void> {
    await this.removeOld();
  }

  @Interval(hourMs) async hourly(): Promise<void> {
    await this.removeOld();
  }

  /** Removes what is too old now and says how many rows that were. Does nothing while it is at it already. */
  async removeOld(): Promise<number> {
    if (this.isRunning) return 0;
    this.isRunning = true;
    try {
      return await this.removeBefore(Date.now() - this.keptMs);
    } catch (error) {
      this.logger.warn(`old log rows stay for another hour: ${String(error)}`);
      return 0;
    } finally {
      this.isRunning = false;
    }
  }

  private async removeBefore(cutoff: number): Promise<number> {
    let removed = 0;
    for (let slice = 0; slice < slicesMax; slice += 1) {
      const rows = await this.logs.deleteOlderThan(cutoff, rowsPerSlice);
      removed += rows;
      if (rows < rowsPerSlice) break;
      await pause(pauseMs);
    }
    if (removed > 0) this.logger.log(`removed ${removed} log rows that were too old`);
    return removed;
  }
}
