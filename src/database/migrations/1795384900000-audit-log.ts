import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';
import { engineTable } from '../engine-table.js';

const audit = new Table({
  name: 'audit',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    { name: 'time', type: 'bigint' },
    { name: 'action', type: 'text' },
    { name: 'actor', type: 'text', isNullable: true },
    { name: 'client_ip', type: 'text' },
    { name: 'target', type: 'text', isNullable: true },
    { name: 'detail', type: 'text' },
  ],
  // Failed logins have a bound of their own, which has to be found without reading the rest.
  indices: [new TableIndex({ name: 'audit_action', columnNames: ['action'] })],
});

export class AuditLog1795384900000 implements MigrationInterface {
  readonly name = 'AuditLog1795384900000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(engineTable(queryRunner, audit));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(audit);
  }
}
