import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';
import { Database } from '../database/database.js';
import { messageOf } from '../database/error-message.js';
import type { Remote } from '../database/remote.js';
import { hourMs, minuteMs, secondMs } from '../domain/time.js';
import type { TrendRepository } from './trend.repository.js';

/** Log rows of one step: some 10 ms in the thread that writes, then others have their turn. */
const rowsPerStep = 2_000;
/** Between two steps, and between two deletions. */
const pauseMs = 10;
/** In one go; 20 million rows. What is left is for the next one. */
const stepsMax = 10_000;

const dayMs = 24 * hourMs;
/** As long as the API can ask for, and a day. */
export const minuteTrendsKeptMs = 31 * dayMs;
export const hourlyTrendsKeptMs = 400 * dayMs;
const deletionsMax = 2 * 400;

/**
 * Rolls the log up into the trends. Once a minute, so that statistics hardly ever read log rows; a rollup that was missed,
 * or cut off by a crash, is made up for by the next one, from the row where the last one ended.
 */
@Injectable()
export class TrendRollup {
  private readonly logger = new Logger('Trends');
  private readonly trends: Remote<TrendRepository>;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(database: Database) {
    this.trends = database.remote('trends');
  }

  /** Soon after the start: what was logged before the program last ended waits. */
  @Timeout(secondMs) async afterStart(): Promise<void> {
    await this.rollUp();
  }

  @Interval(minuteMs) async everyMinute(): Promise<void> {
    await this.rollUp();
  }

  @Interval(hourMs) async hourly(): Promise<void> {
    await this.removeOld();
  }

  /** Counts every row that is there by now. Never rejects; joins a rollup that is under way. */
  rollUp(): Promise<void> {
    this.running ??= this.allSteps()
      .then(() => (this.isFailing = false))
      .then(
        () => undefined,
        (error: unknown) => this.warn(error),
      )
      .finally(() => (this.running = undefined));
    return this.running;
  }

  /** Removes trends that are older than anybody can ask for, a day at a time. Never rejects. */
  async removeOld(now = Date.now()): Promise<void> {
    try {
      for (let deletion = 0; deletion < deletionsMax; deletion += 1) {
        const rows = await this.trends.deleteOlderThan(now - minuteTrendsKeptMs, now - hourlyTrendsKeptMs);
        if (rows === 0) return;
        await pause(pauseMs);
      }
    } catch (error) {
      this.warn(error);
    }
  }

  private async allSteps(): Promise<void> {
    for (let step = 0; step < stepsMax; step += 1) {
      const { rows } = await this.trends.rollUp(rowsPerStep);
      if (rows < rowsPerStep) return;
      await pause(pauseMs);
    }
  }

  private warn(error: unknown): void {
    if (!this.isFailing) this.logger.warn(`The statistics are not rolled up and read the log instead: ${messageOf(error)}`);
    this.isFailing = true;
  }
}
