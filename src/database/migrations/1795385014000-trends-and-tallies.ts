import { Table, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { engineTable } from '../engine-table.js';

const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });
const bigint = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const real = (name: string): TableColumnOptions => ({ name, type: 'real' });
const key = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isPrimary: true });

const counts = [integer('success'), integer('error'), integer('client_left')];
const tokens = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_creation_tokens'].map(bigint);
const firstByte = [integer('first_byte_count'), real('first_byte_sum')];
const classes = (prefix: string): readonly TableColumnOptions[] => Array.from({ length: 12 }, (_, index) => integer(`${prefix}_${index}`));

// Without a rowid a table is its own primary key index: these are only ever read in the order of their keys.
const hourlyTrends = new Table({
  name: 'hourly_trends',
  withoutRowid: true,
  columns: [
    key(bigint('hour')),
    key(integer('channel_id')),
    key(text('model')),
    text('channel_name'),
    ...counts,
    ...tokens,
    ...firstByte,
    real('duration_sum'),
    ...classes('duration'),
    ...classes('first_byte'),
  ],
});

const minuteTrends = new Table({
  name: 'minute_trends',
  withoutRowid: true,
  columns: [key(integer('width')), key(bigint('start')), key(integer('channel_id')), text('channel_name'), ...counts, ...tokens, ...firstByte],
});

const logTallies = new Table({
  name: 'log_tallies',
  withoutRowid: true,
  columns: [
    key(bigint('hour')),
    key(integer('channel_id')),
    key(text('channel_name')),
    key(text('model')),
    key(integer('status_code')),
    integer('row_count'),
  ],
});

const trendProgress = new Table({ name: 'trend_progress', columns: [key(integer('id')), bigint('through_log_id')] });

const tables = [hourlyTrends, minuteTrends, logTallies, trendProgress];

/** As the initial schema made it; nothing ever wrote to it. */
const formerHourlyTrends = new Table({
  name: 'hourly_trends',
  columns: [
    key(bigint('hour')),
    key(integer('channel_id')),
    key(text('model')),
    text('channel_name'),
    ...counts,
    ...tokens,
    real('duration_sum'),
    ...firstByte,
    text('latency_histogram'),
  ],
});

// The tallies say which kinds of rows (model, channel, status) a filter means, so one index on the kind finds them all.
const kindIndex = new TableIndex({ name: 'logs_kind', columnNames: ['model', 'channel_id', 'status_code', 'time'] });
const formerIndices = [
  new TableIndex({ name: 'logs_channel_time', columnNames: ['channel_id', 'time'] }),
  new TableIndex({ name: 'logs_model_time', columnNames: ['model', 'time'] }),
];

const tallyWhatIsThere = `INSERT INTO log_tallies (hour, channel_id, channel_name, model, status_code, row_count)
  SELECT time - time % 3600000, COALESCE(channel_id, 0), COALESCE(channel_name, ''), model, status_code, COUNT(*)
  FROM logs GROUP BY 1, 2, 3, 4, 5`;

/** Trends that add up to statistics, and tallies that count and find log rows. */
export class TrendsAndTallies1795385014000 implements MigrationInterface {
  readonly name = 'TrendsAndTallies1795385014000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('hourly_trends');
    for (const table of tables) await queryRunner.createTable(engineTable(queryRunner, table));
    await queryRunner.query('INSERT INTO trend_progress (id, through_log_id) VALUES (1, 0)');
    for (const index of formerIndices) await queryRunner.dropIndex('logs', index);
    await queryRunner.createIndex('logs', kindIndex);
    await queryRunner.query(tallyWhatIsThere);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('logs', kindIndex);
    for (const index of formerIndices) await queryRunner.createIndex('logs', index);
    for (const table of [...tables].reverse()) await queryRunner.dropTable(table);
    await queryRunner.createTable(engineTable(queryRunner, formerHourlyTrends));
  }
}
