import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isPostgres } from '../dialect.js';

const classes = Array.from({ length: 12 }, (_, index) => `first_byte_${index}`);

/**
 * Minutes count successes by their first byte too, so that short curves have a 95th percentile. Minutes from before know
 * none: 0 in every class beside a `first_byte_count` says so. Plain SQL, because TypeORM would copy the table instead.
 */
export class FirstByteClassesOfMinutes1795581200000 implements MigrationInterface {
  readonly name = 'FirstByteClassesOfMinutes1795581200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const type = isPostgres(queryRunner.dataSource) ? 'bigint' : 'integer';
    for (const name of classes) await queryRunner.query(`ALTER TABLE "minute_trends" ADD COLUMN "${name}" ${type} NOT NULL DEFAULT (0)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of classes) await queryRunner.query(`ALTER TABLE "minute_trends" DROP COLUMN "${name}"`);
  }
}
