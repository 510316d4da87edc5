import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isPostgres } from '../dialect.js';

/** On SQLite, where the database was one program's alone until now, ids tell what it has stored. */
const countRowsOfTheLast = `UPDATE runs SET stored =
  MAX(0, COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'logs'), 0) - log_id_before) WHERE ended_at IS NULL`;

/** Runs before the last one have been told of. */
const closeThoseBefore = 'UPDATE runs SET ended_at = seen_at WHERE ended_at IS NULL AND id < (SELECT MAX(id) FROM runs)';

/** Every run counts the log rows it has stored: ids tell nothing where several programs write. Plain SQL, because TypeORM would copy the table. */
export class RowsOfRuns1795700000000 implements MigrationInterface {
  readonly name = 'RowsOfRuns1795700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "runs" ADD COLUMN "stored" bigint NOT NULL DEFAULT (0)`);
    await queryRunner.query(closeThoseBefore);
    if (!isPostgres(queryRunner.dataSource)) await queryRunner.query(countRowsOfTheLast);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "runs" DROP COLUMN "stored"');
  }
}
