import { IsNull, LessThanOrEqual, type DataSource, type EntityManager } from 'typeorm';
import type { CurrentRun } from '../database/current-run.js';
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

/** The lives of the program, and of its replicas, in their table. */
export class RunRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly current: CurrentRun,
  ) {}

  /** Begins a run. One that did not end and has not been seen since `silentSince` is told of, once. */
  async begin(now: EpochMs, silentSince: EpochMs = now): Promise<RunBeginning> {
    const beginning = await this.dataSource.transaction(async (manager) => {
      const uncleanEnd = await closeSilent(manager, silentSince);
      const row = { startedAt: now, seenAt: now, endedAt: null, logIdBefore: 0, recorded: 0, stored: 0, rowsPerSecond: 0, callsUnderWay: 0 };
      const { identifiers } = await manager.insert(RunEntity, row);
      const id = Number(identifiers[0]?.['id']);
      await runSql(manager, 'DELETE FROM runs WHERE id <= ?', [id - runsKeptMax]);
      return { id, uncleanEnd };
    });
    this.current.begun(beginning.id);
    return beginning;
  }

  /** Looks for a replica that did not end and has not been seen since then; only one of those who look is told. */
  silent(silentSince: EpochMs): Promise<UncleanEnd | undefined> {
    return this.dataSource.transaction((manager) => closeSilent(manager, silentSince));
  }

  /** Whoever notes something has not ended, whatever others thought. */
  async note(id: number, { seenAt, recorded, rowsPerSecond, callsUnderWay }: RunNote): Promise<void> {
    await this.dataSource.manager.update(RunEntity, { id }, { seenAt, endedAt: null, recorded, rowsPerSecond, callsUnderWay });
  }

  /** The run ends properly: nothing of it is missing that it did not itself give up. */
  async end(id: number, now: EpochMs): Promise<void> {
    await this.dataSource.manager.update(RunEntity, { id }, { endedAt: now });
  }
}

/** Closes the last run that has not ended and was not seen since then, and says how it stood. */
const closeSilent = async (manager: EntityManager, silentSince: EpochMs): Promise<UncleanEnd | undefined> => {
  const where = { endedAt: IsNull(), seenAt: LessThanOrEqual(silentSince) };
  const [last] = await manager.find(RunEntity, { where, order: { id: 'DESC' }, take: 1 });
  if (last === undefined) return undefined;
  const { affected } = await manager.update(RunEntity, { ...where, id: last.id }, { endedAt: last.seenAt });
  return affected === 1 ? uncleanEndOf(last.startedAt, last, last.stored) : undefined;
};
