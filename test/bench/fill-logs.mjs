// Fills a database with a made-up log, quickly: `node test/bench/fill-logs.mjs <file> [rows] [days]` after `npm run build`.
// The file must be one that a gateway has made (or none: then it is made), and no gateway may have it open.
import { resolve } from 'node:path';
import { Database } from '../../dist/src/database/database.js';
import BetterSqlite3 from 'better-sqlite3';

const [file = 'bench.db', rowsText = '5000000', daysText = '7'] = process.argv.slice(2);
const path = resolve(file);
const rows = Number(rowsText);
const days = Number(daysText);
const hourMs = 3_600_000;
const rowsPerBatch = 100_000;

/** Makes the file and its tables when they are not there. */
await (await Database.open({ path })).close();

const db = new BetterSqlite3(path);
db.pragma('synchronous = OFF');
db.pragma('journal_mode = WAL');
db.pragma('cache_size = -200000');
const indices = db.prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'logs' AND sql IS NOT NULL`).all();
// Indexes are made at the end, sorted, which takes a third of the time.
for (const { name } of indices) db.exec(`DROP INDEX ${name}`);

// 12 channels of which the first three serve two thirds; 10 models; one attempt in eight fails and is followed by another.
const insert = db.prepare(`
  WITH RECURSIVE n(i) AS (SELECT @from UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @to),
  dice AS MATERIALIZED (SELECT i, abs(random()) % 1000 AS a, abs(random()) % 1000 AS b, abs(random()) % 1000 AS c, abs(random()) % 100000 AS d FROM n),
  kind AS (SELECT i, c, d, CASE WHEN a < 660 THEN 1 + a % 3 ELSE 4 + a % 9 END AS channel, b % 10 AS model,
    CASE WHEN c < 860 THEN 200 WHEN c < 920 THEN 429 WHEN c < 960 THEN 529 WHEN c < 980 THEN 500 WHEN c < 990 THEN 499 WHEN c < 999 THEN 400 ELSE 418 END AS status FROM dice)
  INSERT INTO logs (time, request_id, attempt, final, model, channel_id, channel_name, path, status_code, message, duration,
    is_streaming, first_byte_time, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, usage_incomplete,
    client_ip, token_label, trace)
  SELECT @begin + CAST(i * @step AS INTEGER), printf('0199%08x-7000-8000-%012x', i / 65536, i), 1, c NOT BETWEEN 860 AND 979,
    'model-' || model, channel, 'channel ' || channel, '/v1/messages', status, CASE WHEN status = 200 THEN '' ELSE 'status ' || status END,
    d / 2000.0, 1, CASE WHEN status = 200 THEN d / 20000.0 END, d % 9000, d % 3000, d, d % 700, 0, '198.51.100.7', 'token-1', NULL
  FROM kind`);

const begin = Date.now() - days * 24 * hourMs;
const step = (days * 24 * hourMs) / rows;
const started = performance.now();
for (let from = 0; from < rows; from += rowsPerBatch) {
  insert.run({ from, to: Math.min(rows, from + rowsPerBatch), begin, step });
  process.stdout.write(`\r${Math.min(rows, from + rowsPerBatch)} rows`);
}
for (const { name, sql } of indices) {
  process.stdout.write(`\n${name}`);
  db.exec(sql);
}
db.exec(`INSERT INTO log_tallies SELECT time - time % ${hourMs}, COALESCE(channel_id, 0), COALESCE(channel_name, ''), model, status_code, COUNT(*)
  FROM logs WHERE true GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET row_count = row_count + excluded.row_count`);
db.close();

const database = await Database.open({ path });
const trends = database.remote('trends');
const rollupStarted = performance.now();
let longest = 0;
for (;;) {
  const stepStarted = performance.now();
  const { rows: counted } = await trends.rollUp(2_000);
  longest = Math.max(longest, performance.now() - stepStarted);
  if (counted === 0) break;
}
console.log(`\nrolled up in ${Math.round((performance.now() - rollupStarted) / 1000)} s, longest step ${longest.toFixed(1)} ms`);
await database.close();
console.log(`${rows} rows over ${days} days in ${path}, ${Math.round((performance.now() - started) / 1000)} s`);
