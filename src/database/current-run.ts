import type { EntityManager } from 'typeorm';
import { runSql } from './run-sql.js';

/** The run of this program, as those know it who store something in its name. Before it has begun nothing is counted. */
export class CurrentRun {
  private id: number | undefined;

  begun(id: number): void {
    this.id = id;
  }

  /** Counts log rows in the transaction that stores them. */
  async countStored(manager: EntityManager, rows: number): Promise<void> {
    if (this.id !== undefined) await runSql(manager, 'UPDATE runs SET stored = stored + ? WHERE id = ?', [rows, this.id]);
  }
}
