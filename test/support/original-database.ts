import { spawnSync } from 'node:child_process';
import { DataSource } from 'typeorm';

/*
 * Makes database files as the first public ccLoad left them: its tables by SQL, and whatever rows a test wants in them, good
 * ones and odd ones.
 */

const tables = {
  channels: `CREATE TABLE channels (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, api_key TEXT NOT NULL, url TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0, models TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL)`,
  cooldowns: `CREATE TABLE cooldowns (channel_id INTEGER PRIMARY KEY, until TIMESTAMP NOT NULL, duration_ms INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE CASCADE)`,
  logs: `CREATE TABLE logs (id INTEGER PRIMARY KEY AUTOINCREMENT, time TIMESTAMP NOT NULL, model TEXT, channel_id INTEGER, status_code INTEGER NOT NULL,
    message TEXT, duration REAL, is_streaming INTEGER NOT NULL DEFAULT 0, first_byte_time REAL,
    FOREIGN KEY (channel_id) REFERENCES channels (id) ON DELETE SET NULL)`,
  rr: 'CREATE TABLE rr (key TEXT PRIMARY KEY, idx INTEGER NOT NULL)',
} as const;

/** Indexes that some files have and some lack. */
export const originalIndexes: readonly string[] = [
  'CREATE INDEX idx_logs_time ON logs (time)',
  'CREATE INDEX idx_channels_name ON channels (name)',
  'CREATE INDEX idx_logs_status ON logs (status_code)',
];

type Value = string | number | null;
type Rows = readonly Readonly<Record<string, Value>>[];

export interface OriginalRows {
  readonly channels?: Rows;
  readonly cooldowns?: Rows;
  readonly logs?: Rows;
  readonly rr?: Rows;
  /** Other `CREATE TABLE` statements for some of the tables; an empty one leaves the table out. */
  readonly schema?: Partial<Record<keyof typeof tables, string>>;
  /** What is done to the file at the end. */
  readonly then?: readonly string[];
}

export const aChannel = {
  name: 'main',
  api_key: 'sk-original-0123456789',
  url: 'https://api.anthropic.com',
  priority: 10,
  models: '["claude-sonnet-4-5"]',
  enabled: 1,
  created_at: '2025-09-27 16:19:02.123456789 +0800 CST m=+0.123',
  updated_at: '2025-09-28 01:02:03 +0000 UTC',
};

export const aLogRow = {
  time: '2025-09-27 16:20:00.5 +0800 CST m=+58.123456789',
  model: 'claude-sonnet-4-5',
  channel_id: 1,
  status_code: 200,
  message: 'ok',
  duration: 1.25,
  is_streaming: 1,
  first_byte_time: 0.5,
};

/** Runs statements on a file, as another program would. */
export const onFile = async (path: string, ...statements: readonly string[]): Promise<void> => {
  const dataSource = await new DataSource({ type: 'better-sqlite3', database: path }).initialize();
  await dataSource.query('PRAGMA foreign_keys = OFF');
  for (const statement of statements) await dataSource.query(statement);
  await dataSource.destroy();
};

export const rowsOf = async (path: string, sql: string): Promise<readonly Readonly<Record<string, Value>>[]> => {
  const dataSource = await new DataSource({ type: 'better-sqlite3', database: path }).initialize();
  const rows: readonly Readonly<Record<string, Value>>[] = await dataSource.query(sql);
  await dataSource.destroy();
  return rows;
};

/**
 * Runs statements on a file in a program that is killed right after them: what it wrote lies in the write-ahead log, or, when
 * the last statements are a transaction without its end, half-done in the file.
 */
export const killedAfter = (path: string, ...statements: readonly string[]): void => {
  const program = `const db = require('better-sqlite3')(${JSON.stringify(path)});
    db.pragma('wal_autocheckpoint = 0'); db.pragma('cache_size = 2');
    for (const statement of ${JSON.stringify(statements)}) db.exec(statement);
    process.kill(process.pid, 'SIGKILL');`;
  const { signal, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  if (signal !== 'SIGKILL') throw new Error(`the program that was to be killed ended by itself: ${stderr}`);
};

const literal = (value: Value): string => {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
};

const insertInto = (table: string, rows: Rows = []): readonly string[] =>
  rows.map((row) => `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')})`);

/** Statements that make the tables and their rows. */
export const originalStatements = ({ schema = {}, then = [], ...rows }: OriginalRows): readonly string[] => [
  ...Object.values({ ...tables, ...schema }).filter((statement) => statement !== ''),
  ...insertInto('channels', rows.channels),
  ...insertInto('cooldowns', rows.cooldowns),
  ...insertInto('logs', rows.logs),
  ...insertInto('rr', rows.rr),
  ...then,
];

export const writeOriginal = (path: string, rows: OriginalRows): Promise<void> => onFile(path, ...originalStatements(rows));

/** A statement that adds this many log rows, one every two seconds up to `until` (unix seconds), of three channels, one in ten failed. */
export const manyLogRows = (count: number, until: number): string => `
  WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
  INSERT INTO logs (time, model, channel_id, status_code, message, duration, is_streaming, first_byte_time)
  SELECT strftime('%Y-%m-%d %H:%M:%S', ${until} - 2 * (${count} - i), 'unixepoch', '+8 hours') || '.123456789 +0800 CST m=+' || i || '.000000001',
    'model-' || (i % 5), 1 + i % 3, CASE WHEN i % 10 = 0 THEN 500 ELSE 200 END, CASE WHEN i % 10 = 0 THEN 'upstream status 500' ELSE 'ok' END,
    (i % 100) / 10.0, i % 2, (i % 100) / 40.0
  FROM n`;
