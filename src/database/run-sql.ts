import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from './dialect.js';

type Connection = DataSource | EntityManager;

const dataSourceOf = (connection: Connection): DataSource => ('dataSource' in connection ? connection.dataSource : connection);

/** Rows of a statement of our own, in the dialect of the connection. */
export const runSql = async <Row>(connection: Connection, sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
  const { statement, holdable } = dialectOf(dataSourceOf(connection));
  return connection.query<readonly Row[]>(statement(sql), values.map(holdable));
};
