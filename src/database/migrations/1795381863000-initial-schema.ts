import {
  Table,
  TableForeignKey,
  TableIndex,
  TableUnique,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
} from 'typeorm';
import { engineTable } from '../engine-table.js';

// Written with the schema API and portable types only, so that PostgreSQL can follow: bigint holds milliseconds there too.
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });
const bigint = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const real = (name: string): TableColumnOptions => ({ name, type: 'real' });
const flag = (name: string): TableColumnOptions => ({ name, type: 'boolean' });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const key = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true });
// AUTOINCREMENT in SQLite: an id is never used twice, because log rows outlive the channel they name.
const generatedId: TableColumnOptions = {
  name: 'id',
  type: 'integer',
  isPrimary: true,
  isGenerated: true,
  generationStrategy: 'increment',
};

const channels = new Table({
  name: 'channels',
  columns: [
    generatedId,
    text('name'),
    text('api_key'),
    text('url'),
    integer('priority'),
    text('models'),
    flag('enabled'),
    bigint('created_at'),
    bigint('updated_at'),
  ],
  uniques: [new TableUnique({ name: 'channels_name', columnNames: ['name'] })],
});

const ofChannel = (table: string): TableForeignKey =>
  new TableForeignKey({
    name: `fk_${table}_channel`,
    columnNames: ['channel_id'],
    referencedTableName: 'channels',
    referencedColumnNames: ['id'],
    onDelete: 'CASCADE',
  });

const cooldownColumns = [bigint('until'), bigint('duration_ms'), text('reason'), bigint('since')];

const cooldowns = new Table({
  name: 'cooldowns',
  columns: [key(integer('channel_id')), ...cooldownColumns],
  foreignKeys: [ofChannel('cooldowns')],
});

const modelCooldowns = new Table({
  name: 'model_cooldowns',
  columns: [key(integer('channel_id')), key(text('model')), ...cooldownColumns],
  foreignKeys: [ofChannel('model_cooldowns')],
});

const rotation = new Table({
  name: 'rr',
  columns: [key(text('model')), key(integer('priority')), integer('next_index')],
});

const tokens = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens'];

const logs = new Table({
  name: 'logs',
  columns: [
    generatedId,
    bigint('time'),
    text('request_id'),
    integer('attempt'),
    flag('final'),
    text('model'),
    optional(integer('channel_id')),
    optional(text('channel_name')),
    text('path'),
    integer('status_code'),
    text('message'),
    real('duration'),
    flag('is_streaming'),
    optional(real('first_byte_time')),
    ...tokens.map((name) => optional(integer(name))),
    flag('usage_incomplete'),
    text('client_ip'),
    optional(text('token_label')),
    optional(text('trace')),
  ],
  // Every insert pays for each of these. The first answers questions about time, status and final rows from the index
  // alone: the summary, the status filters, and the deletion of old rows.
  indices: [
    new TableIndex({ name: 'logs_time', columnNames: ['time', 'final', 'status_code'] }),
    new TableIndex({ name: 'logs_channel_time', columnNames: ['channel_id', 'time'] }),
    new TableIndex({ name: 'logs_model_time', columnNames: ['model', 'time'] }),
    new TableIndex({ name: 'logs_request', columnNames: ['request_id'] }),
  ],
});

const hourlyTrends = new Table({
  name: 'hourly_trends',
  columns: [
    key(bigint('hour')),
    key(integer('channel_id')),
    key(text('model')),
    text('channel_name'),
    integer('success'),
    integer('error'),
    integer('client_left'),
    ...tokens.map(bigint),
    real('duration_sum'),
    integer('first_byte_count'),
    real('first_byte_sum'),
    text('latency_histogram'),
  ],
});

const sessions = new Table({
  name: 'sessions',
  columns: [key(text('id')), text('data'), bigint('expires_at')],
  indices: [new TableIndex({ name: 'sessions_expiry', columnNames: ['expires_at'] })],
});

const settings = new Table({ name: 'settings', columns: [key(text('key')), text('value')] });

const tables = [channels, cooldowns, modelCooldowns, rotation, logs, hourlyTrends, sessions, settings];

export class InitialSchema1795381863000 implements MigrationInterface {
  readonly name = 'InitialSchema1795381863000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await queryRunner.createTable(engineTable(queryRunner, table));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await queryRunner.dropTable(table);
  }
}
