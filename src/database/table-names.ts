import type { DataSource } from 'typeorm';
import { dialectOf } from './dialect.js';
import { runSql } from './run-sql.js';

/** Every table but those that the engine keeps for itself. */
export const tableNames = async (reader: DataSource): Promise<readonly string[]> => {
  const rows = await runSql<{ readonly name: string }>(reader, dialectOf(reader).tables);
  return rows.map(({ name }) => name);
};
