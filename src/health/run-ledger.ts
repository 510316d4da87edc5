import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import type { CallsUnderWay } from '../domain/ports.js';
import { StorageError, type StorageProblem } from '../domain/storage-problem.js';
import { secondMs } from '../domain/time.js';
import { LogsService } from '../logs/logs.service.js';
import type { RunRepository } from './run.repository.js';
import { StorageWatch, type StorageTrouble } from './storage-watch.js';
import { uncleanEndSentence, type RunNote, type UncleanEnd } from './unclean-end.js';

/** As often as log rows are stored: what is noted in between is what a crash would cost. */
const noteEveryMs = 250;
/** A replica that has noted nothing for so long has ended: several times as long as one keeps silent at rest. */
const replicaSilenceMs = 45 * secondMs;
const lookForSilentEveryMs = 15 * secondMs;
/** A run in which nothing happens says no more than that it lives. */
const idleNoteEveryMs = 10 * secondMs;

/**
 * Writes down, while something happens, what the next start has to know, should this run not end properly, and so finds out whether
 * anything can be stored. A job, because the request path writes to no disk.
 */
@Injectable()
export class RunLedger implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Storage');
  private readonly table: Remote<RunRepository>;
  private readonly isShared: boolean;
  private readonly watch = new StorageWatch(this.logger);
  private calls: CallsUnderWay | undefined;
  private run: { readonly id: number; readonly uncleanEnd: UncleanEnd | undefined } | undefined;
  private last: RunNote = { seenAt: 0, recorded: 0, rowsPerSecond: 0, callsUnderWay: 0 };
  private noting: Promise<void> | undefined;

  constructor(
    database: Database,
    private readonly logs: LogsService,
  ) {
    this.isShared = database.isShared;
    this.table = database.remote('runs');
  }

  /** How the run before ended, when that was not properly. */
  get uncleanEnd(): UncleanEnd | undefined {
    return this.run?.uncleanEnd;
  }

  get trouble(): StorageTrouble | undefined {
    return this.watch.current;
  }

  /** The data plane says where its calls can be seen. */
  watchCalls(calls: CallsUnderWay): void {
    this.calls = calls;
  }

  async onModuleInit(): Promise<void> {
    await this.note();
  }

  /** Never rejects; does nothing while the one before is under way. */
  @Interval(noteEveryMs) note(): Promise<void> {
    this.noting ??= this.tryToNote().finally(() => (this.noting = undefined));
    return this.noting;
  }

  /**
   * Tells of a replica that was killed and whose place nobody takes. Not while this one has been cut off itself: then all
   * seem to have been silent. Never rejects.
   */
  @Interval(lookForSilentEveryMs) async lookForSilent(): Promise<void> {
    const now = Date.now();
    if (!this.isShared || this.run === undefined || now - this.last.seenAt > lookForSilentEveryMs) return;
    const uncleanEnd = await this.table.silent(now - replicaSilenceMs).catch(() => undefined);
    if (uncleanEnd === undefined) return;
    this.run = { ...this.run, uncleanEnd };
    this.logger.warn(uncleanEndSentence(uncleanEnd, true));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.noting;
    if (this.run !== undefined) await this.table.end(this.run.id, Date.now()).catch(() => undefined);
  }

  private async tryToNote(): Promise<void> {
    let problem: StorageProblem | undefined;
    try {
      await this.store();
    } catch (error) {
      if (error instanceof StorageError) ({ problem } = error);
    }
    this.watch.see(this.logs.problem ?? problem, Date.now());
  }

  private async store(): Promise<void> {
    if (this.run === undefined) {
      const now = Date.now();
      this.run = await this.table.begin(now, this.isShared ? now - replicaSilenceMs : now);
      if (this.run.uncleanEnd !== undefined) this.logger.warn(uncleanEndSentence(this.run.uncleanEnd, this.isShared));
    }
    const next = this.now();
    if (!this.isWorthNoting(next)) return;
    await this.table.note(this.run.id, next);
    this.last = next;
  }

  private now(): RunNote {
    const seenAt = Date.now();
    const { written, queued } = this.logs.queue;
    const recorded = written + queued;
    const seconds = Math.max(noteEveryMs / secondMs, (seenAt - this.last.seenAt) / secondMs);
    return { seenAt, recorded, rowsPerSecond: Math.ceil((recorded - this.last.recorded) / seconds), callsUnderWay: this.calls?.size ?? 0 };
  }

  /** While something happens, or fails; and now and then. */
  private isWorthNoting({ seenAt, recorded, rowsPerSecond, callsUnderWay }: RunNote): boolean {
    const { last } = this;
    const isNews = recorded !== last.recorded || rowsPerSecond !== last.rowsPerSecond || callsUnderWay !== last.callsUnderWay;
    return isNews || this.watch.current !== undefined || seenAt - last.seenAt >= idleNoteEveryMs;
  }
}
