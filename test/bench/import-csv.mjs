// Imports a file of many channels into a gateway in this process, from a client in another one, and says how long it took
// and how long the event loop, on which streams are relayed, was ever kept waiting. Wants a build:
//   node test/bench/import-csv.mjs [rows]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const built = new URL(process.env['CCLOAD_BUILD'] ?? '../../dist/', import.meta.url);
const { createAdminApp } = await import(new URL('src/admin-app.js', built));
const { loadConfig } = await import(new URL('src/config/config.js', built));
const { Database } = await import(new URL('src/database/database.js', built));

const rows = Number(process.argv[2] ?? 20_000);
const password = 'correct horse';
const models = Array.from({ length: 60 }, (_, index) => `model-${index}`);

const lineOf = (index) => {
  const listed = Array.from({ length: 6 }, (_, at) => models[(index + at * 7) % models.length]);
  const json = JSON.stringify(listed).replaceAll('"', '""');
  return `channel ${index},sk-bench-${String(index).padStart(32, '0')},https://relay-${index % 500}.example.com/v1,${index % 10},"${json}",true`;
};

const clientSource = `
  const [, url, path] = process.argv;
  const { readFileSync } = await import('node:fs');
  const login = await fetch(url + '/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ password: '${password}' }) });
  const cookie = login.headers.get('set-cookie').split(';')[0];
  const bytes = readFileSync(path);
  process.stdout.write('ready');
  for await (const _ of process.stdin) {
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'text/csv' }), 'channels.csv');
    const before = performance.now();
    const answer = await fetch(url + '/admin/channels/import', { method: 'POST', headers: { cookie }, body: form });
    const { data, error } = await answer.json();
    process.stdout.write(JSON.stringify({ seconds: (performance.now() - before) / 1000, error, ...data, errors: undefined }));
  }
`;

const nextOutput = (child) => new Promise((resolve) => child.stdout.once('data', (bytes) => resolve(bytes.toString())));

const folder = mkdtempSync(join(tmpdir(), 'ccload-import-'));
const file = join(folder, 'channels.csv');
writeFileSync(file, `name,api_key,url,priority,models,enabled\r\n${Array.from({ length: rows }, (_, index) => lineOf(index)).join('\r\n')}\r\n`);

const config = loadConfig({ CCLOAD_PASS: password, LOG_LEVEL: 'error' });
const database = await Database.open({ path: join(folder, 'ccload.db') });
const app = await createAdminApp({ config, database });
const server = createServer(app.getHttpAdapter().getInstance());
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = spawn(process.execPath, ['--input-type=module', '-e', clientSource, `http://127.0.0.1:${server.address().port}`, file], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
await nextOutput(client);
try {
  for (const what of ['created', 'updated', 'updated again']) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const result = nextOutput(client);
    delay.enable();
    client.stdin.write('go');
    const report = await result;
    delay.disable();
    console.log(`${rows} rows ${what}: ${report}; longest wait of the event loop ${(delay.max / 1e6).toFixed(1)} ms`);
  }
} finally {
  client.kill();
  server.close();
  server.closeAllConnections();
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
