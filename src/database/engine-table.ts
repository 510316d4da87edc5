import type { QueryRunner, Table, TableColumn } from 'typeorm';
import { isPostgres } from './dialect.js';

/** SQLite's integers have 64 bits and its reals are doubles, whatever the column calls them. */
const postgresTypes: Readonly<Record<string, string>> = { integer: 'bigint', real: 'double precision' };

const fit = (column: TableColumn): void => {
  column.type = postgresTypes[column.type] ?? column.type;
  // Compares byte by byte and folds ASCII letters only, as SQLite does, whatever language the server speaks.
  if (column.type === 'text') column.collation = 'C';
};

/** The table as the engine must be told of it to hold the same values as the other one. */
export const engineTable = (queryRunner: QueryRunner, table: Table): Table => {
  if (!isPostgres(queryRunner.dataSource)) return table;
  const fitted = table.clone();
  for (const column of fitted.columns) fit(column);
  return fitted;
};
