import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { engineTable } from '../engine-table.js';

const bigint = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });

const runs = new Table({
  name: 'runs',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    bigint('started_at'),
    bigint('seen_at'),
    { ...bigint('ended_at'), isNullable: true },
    bigint('log_id_before'),
    bigint('recorded'),
    integer('rows_per_second'),
    integer('calls_under_way'),
  ],
});

/** What the next start must know of a run that did not end properly. */
export class Runs1795391000000 implements MigrationInterface {
  readonly name = 'Runs1795391000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(engineTable(queryRunner, runs));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(runs);
  }
}
