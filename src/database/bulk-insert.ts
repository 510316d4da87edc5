import type { EntityManager } from 'typeorm';
import { dialectOf, isPostgres } from './dialect.js';

/**
 * How many rows a statement may have. Few sizes, because SQLite's driver keeps every text prepared: with a statement for each
 * length of a batch there would be fifty, and they would push each other and all others out, faster than memory is given back.
 */
const statementRows = [50, 10, 1] as const;

/** The values of all rows behind each other. A loop, because `flat` took an eighth of the database thread's time. */
const inOneLine = (rows: readonly (readonly unknown[])[]): readonly unknown[] => {
  const values: unknown[] = [];
  for (const row of rows) for (const value of row) values.push(value);
  return values;
};

/**
 * A way into a table for many rows at a time, within a transaction; `conflict` says what happens to those that are there already.
 */
export class BulkInsert {
  private readonly columnList: string;
  /** Largest first. */
  private readonly statements: readonly { readonly sql: string; readonly rows: number }[];
  private readonly fromJson: string;

  constructor(
    private readonly table: string,
    private readonly columns: readonly string[],
    private readonly conflict = '',
  ) {
    this.columnList = columns.join(',');
    this.statements = statementRows.map((rows) => ({ sql: this.statementOf(rows), rows }));
    this.fromJson = `INSERT INTO ${table} (${this.columnList})
      SELECT ${this.columnList} FROM json_populate_recordset(NULL::${table}, $1) ${conflict}`;
  }

  /**
   * Stores the rows, each with a value per column, in their order. PostgreSQL gets them all as one value: it has a round
   * trip per statement, and takes longer to read thousands of placeholders.
   */
  async into(manager: EntityManager, rows: readonly (readonly unknown[])[]): Promise<void> {
    if (rows.length === 0) return;
    if (!isPostgres(manager.dataSource)) {
      await this.inPieces(manager, rows);
      return;
    }
    const { holdable } = dialectOf(manager.dataSource);
    const records = rows.map((row) => Object.fromEntries(this.columns.map((column, index) => [column, holdable(row[index])])));
    await manager.query(this.fromJson, [JSON.stringify(records)]);
  }

  private async inPieces(manager: EntityManager, all: readonly (readonly unknown[])[]): Promise<void> {
    let at = 0;
    for (const { sql, rows } of this.statements) {
      for (; all.length - at >= rows; at += rows) await manager.query(sql, inOneLine(all.slice(at, at + rows)));
    }
  }

  /**
   * `OR FAIL` because SQLite would else copy every page that a statement of many rows touches to a temporary file, to be
   * able to take back that statement alone; here a failure takes back the whole transaction. A log row took 8.3 µs with the
   * copies and 6.2 without, 13.9 and 9.8 where the batch is of 100 kinds.
   */
  private statementOf(rows: number): string {
    const row = `(${new Array(this.columns.length).fill('?').join(',')})`;
    return `INSERT OR FAIL INTO ${this.table} (${this.columnList}) VALUES ${new Array(rows).fill(row).join(',')} ${this.conflict}`;
  }
}
