import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../database/database.js';
import type { Remote } from '../database/remote.js';
import { NewsLine } from '../domain/news.js';
import { secondMs } from '../domain/time.js';
import type { ReplicaRepository, TableMarks } from './replica.repository.js';
import { SharedLine } from './shared-line.js';

/** Whose news it is, when the tables tell it. */
const theTables = 'tables';

/** The safety net: looks once a second whether the tables say something that no news has told. */
@Injectable()
export class TableWatch {
  private readonly table: Remote<ReplicaRepository>;
  private last: TableMarks | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    database: Database,
    private readonly line: NewsLine,
  ) {
    this.table = database.remote('replicas');
  }

  /** Never rejects; does nothing while the look before is under way, or nobody else can change the tables. */
  @Interval(secondMs) async look(): Promise<void> {
    const { line } = this;
    if (!(line instanceof SharedLine)) return;
    this.looking ??= this.compare(line)
      .catch(() => undefined)
      .finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async compare(line: SharedLine): Promise<void> {
    const { last } = this;
    const now = await this.table.marks();
    this.last = now;
    if (last !== undefined && last.channels !== now.channels) line.tellHere({ kind: 'channels' }, theTables);
    if (last !== undefined && last.cooldowns !== now.cooldowns) line.tellHere({ kind: 'cooldowns' }, theTables);
  }
}
