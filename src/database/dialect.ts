import type { DataSource } from 'typeorm';

/**
 * All that the two engines write differently in the statements of our own; the rest of them, and what TypeORM writes, is the
 * same for both. Values stand for themselves as `?`; no statement has a question mark of its own.
 */
export interface Dialect {
  /** The statement with the engine's placeholders. */
  readonly statement: (sql: string) => string;
  /** The value as the engine can hold it. */
  readonly holdable: (value: unknown) => unknown;
  /** Behind the name of a table: the index that leads to its rows, and none at all. */
  readonly byIndex: (index: string) => string;
  readonly byNoIndex: string;
  /** Joins a table in the order in which they are named, as far as the engine can be told. */
  readonly joinNext: string;
  /** The members of a JSON array as a list for `IN`. */
  readonly integersOf: (json: string) => string;
  readonly textsOf: (json: string) => string;
  /** Text that contains other text; ASCII letters match in either case. */
  readonly like: string;
  /** A column that may be NULL against one that has 0 for it. */
  readonly isOrNullFor0: (column: string, key: string) => string;
  /** One JSON object, as text, of all groups: the names and what stands under each. */
  readonly objectOf: (name: string, members: string, condition: string) => string;
  readonly object: (members: string) => string;
  /** Behind a SELECT: nobody else changes these rows until the transaction ends. */
  readonly forUpdate: string;
  /** Behind an upsert: a row that is newer already stays; nobody else can have written one to a file. */
  readonly unlessNewer: (table: string, moment: string) => string;
  /** For reading several statements of one moment. */
  readonly oneMoment: 'SERIALIZABLE' | 'REPEATABLE READ';
  /** Every table of ours or of somebody else, as `name`. */
  readonly tables: string;
}

const sqlite: Dialect = {
  statement: (sql) => sql,
  holdable: (value) => value,
  byIndex: (index) => `INDEXED BY ${index}`,
  byNoIndex: 'NOT INDEXED',
  joinNext: 'CROSS JOIN',
  integersOf: (json) => `(SELECT value FROM json_each(${json}))`,
  textsOf: (json) => `(SELECT value FROM json_each(${json}))`,
  like: 'LIKE',
  isOrNullFor0: (column, key) => `${column} IS NULLIF(${key}, 0)`,
  objectOf: (name, members, condition) => `json_group_object(${name}, ${members}) FILTER (WHERE ${condition})`,
  object: (members) => `json_object(${members})`,
  forUpdate: '',
  unlessNewer: () => '',
  oneMoment: 'SERIALIZABLE',
  tables: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name`,
};

const numbered = (sql: string): string => {
  let last = 0;
  return sql.replaceAll('?', () => `$${(last += 1)}`);
};

/**
 * No text can hold the character NUL, or half of a surrogate pair: the one that stands for "cannot be shown" takes their
 * place, also in what is looked for.
 */
const wellFormed = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD') : value;

const membersOf = (json: string): string => `json_array_elements_text(CAST(${json} AS json))`;

const postgres: Dialect = {
  statement: numbered,
  holdable: wellFormed,
  byIndex: () => '',
  byNoIndex: '',
  joinNext: 'JOIN',
  integersOf: (json) => `(SELECT CAST(value AS bigint) FROM ${membersOf(json)})`,
  textsOf: (json) => `(SELECT value FROM ${membersOf(json)})`,
  // Folds ASCII letters only, because our columns have the collation "C".
  like: 'ILIKE',
  // No index answers IS NOT DISTINCT FROM.
  isOrNullFor0: (column, key) => `(${column} = ${key} OR (${key} = 0 AND ${column} IS NULL))`,
  objectOf: (name, members, condition) => `CAST(json_object_agg(${name}, ${members} ORDER BY ${name}) FILTER (WHERE ${condition}) AS text)`,
  object: (members) => `json_build_object(${members})`,
  forUpdate: 'FOR UPDATE',
  unlessNewer: (table, moment) => `WHERE excluded.${moment} >= ${table}.${moment}`,
  oneMoment: 'REPEATABLE READ',
  tables: `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`,
};

export const isPostgres = (dataSource: DataSource): boolean => dataSource.options.type === 'postgres';

export const dialectOf = (dataSource: DataSource): Dialect => (isPostgres(dataSource) ? postgres : sqlite);
