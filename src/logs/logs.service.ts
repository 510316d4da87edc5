import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import type { AttemptRecord } from '../domain/call.js';
import type { StorageProblem } from '../domain/storage-problem.js';
import { hourMs, secondMs } from '../domain/time.js';
import { BufferedCallSink, type CallSinkCounters } from './buffered-call-sink.js';
import { logFilterOf, type LogQueryDto } from './log-query.dto.js';
import { attemptView, logView, type LogView } from './log-view.js';
import type { AttemptCounts, LogPageJson } from './log-row.js';
import type { LogRepository } from './log.repository.js';

/** How long shutting down waits for the last rows. */
const lastFlushMsMax = 10 * secondMs;

export type { CallSinkCounters };

export interface LogPageView {
  readonly rows: readonly LogView[];
  readonly count: number;
}

/** The request log as the operator reads it; its last rows are stored before the program ends. */
@Injectable()
export class LogsService implements OnApplicationShutdown {
  private readonly logger = new Logger('Logs');
  private readonly logs: Remote<LogRepository>;

  constructor(
    database: Database,
    private readonly sink: BufferedCallSink,
  ) {
    this.logs = database.remote('logs');
  }

  async page(query: Readonly<LogQueryDto>): Promise<LogPageView> {
    const { rows, count } = await this.logs.page(logFilterOf(query, Date.now()));
    return { rows: rows.map(logView), count };
  }

  /** The same as JSON. */
  pageJson(query: Readonly<LogQueryDto>): Promise<LogPageJson> {
    return this.logs.pageJson(logFilterOf(query, Date.now()));
  }

  /** Attempts of the last hours, rounded up to a full hour, by channel: those that moved on to another channel too. */
  attemptsByChannel(hours: number): Promise<readonly AttemptCounts[]> {
    return this.logs.attemptsByChannel(Date.now() - hours * hourMs);
  }

  /** Attempts at a channel in each of the last hours, the present one last; a client that left does not count. */
  async hourlyAttempts(channelIds: readonly number[], hours: number): Promise<ReadonlyMap<number, readonly number[]>> {
    const now = Date.now();
    const first = now - (now % hourMs) - (hours - 1) * hourMs;
    const counts = new Map(channelIds.map((id) => [id, new Array<number>(hours).fill(0)] as const));
    for (const { channelId, hour, attempts } of await this.logs.hourlyAttempts(channelIds, first)) {
      counts.get(channelId)?.splice((hour - first) / hourMs, 1, attempts);
    }
    return counts;
  }

  /** Rows on their way to the table, since the start. */
  get queue(): CallSinkCounters {
    return this.sink.counters;
  }

  /** Why rows cannot be stored at present; `undefined` while they can. */
  get problem(): StorageProblem | undefined {
    return this.sink.problem;
  }

  /** A row that has no number yet, because it has not been stored. */
  finishedView(record: AttemptRecord): Omit<LogView, 'id'> {
    return attemptView(record);
  }

  async onApplicationShutdown(): Promise<void> {
    const lost = await this.sink.flush(lastFlushMsMax);
    if (lost > 0) this.logger.warn(`${lost} rows of the request log could not be stored`);
  }
}
