import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../database/dialect.js';
import { runSql } from '../database/run-sql.js';
import type { EpochMs } from '../domain/time.js';
import { RunEntity } from './run.entity.js';
import { uncleanEndOf, type RunNote, type UncleanEnd } from './unclean-end.js';

/** Runs that are remembered. */
const runsKeptMax = 100;

/** A run that has begun, and how the one before it ended, if that was not properly. */
export interface RunBeginning {
  readonly id: number;
  readonly uncleanEnd: UncleanEnd | undefined;
}

const lastLogId = async (manager: EntityManager): Promise<number> => {
  // Ids are never used twice, so this also counts rows that have been deleted since.
  const rows = await runSql<{ readonly seq: number }>(manager, dialectOf(manager.dataSource).lastIdOf('logs'));
  return rows[0]?.seq ?? 0;
};

const uncleanEndIn = (last: RunEntity | undefined, logId: number): UncleanEnd | undefined =>
  last?.endedAt === null ? uncleanEndOf(last.startedAt, last, logId - last.logIdBefore) : undefined;

/** The lives of the program in their table. */
export class RunRepository {
  constructor(private readonly dataSource: DataSource) {}

  async begin(now: EpochMs): Promise<RunBeginning> {
    return this.dataSource.transaction(async (manager) => {
      const [last] = await manager.find(RunEntity, { order: { id: 'DESC' }, take: 1 });
      const logIdBefore = await lastLogId(manager);
      const row = { startedAt: now, seenAt: now, endedAt: null, logIdBefore, recorded: 0, rowsPerSecond: 0, callsUnderWay: 0 };
      const { identifiers } = await manager.insert(RunEntity, row);
      const id = Number(identifiers[0]?.['id']);
      await runSql(manager, 'DELETE FROM runs WHERE id <= ?', [id - runsKeptMax]);
      return { id, uncleanEnd: uncleanEndIn(last, logIdBefore) };
    });
  }

  async note(id: number, { seenAt, recorded, rowsPerSecond, callsUnderWay }: RunNote): Promise<void> {
    await this.dataSource.manager.update(RunEntity, { id }, { seenAt, recorded, rowsPerSecond, callsUnderWay });
  }

  /** The run ends properly: nothing of it is missing that it did not itself give up. */
  async end(id: number, now: EpochMs): Promise<void> {
    await this.dataSource.manager.update(RunEntity, { id }, { endedAt: now });
  }
}
