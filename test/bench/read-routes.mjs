// How long the read routes take on a large log: `node test/bench/read-routes.mjs <file> [rounds]`, after `npm run build` and
// `node test/bench/fill-logs.mjs <file>`. Starts a gateway on a free port of 127.0.0.1 and ends it.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [file = 'bench.db', roundsText = '15'] = process.argv.slice(2);
const rounds = Number(roundsText);
const password = 'bench';
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

const only = process.argv[4] ?? '';
const routes = [
  '/public/summary',
  '/admin/channels',
  '/metrics',
  '/admin/stats',
  '/admin/stats?hours=168',
  '/admin/stats?hours=720',
  '/admin/metrics',
  '/admin/metrics?hours=1&bucket_min=1',
  '/admin/metrics?hours=33&bucket_min=1',
  '/admin/metrics?hours=166&bucket_min=5',
  '/admin/metrics?hours=168&bucket_min=60',
  '/admin/metrics?hours=720',
  '/admin/logs',
  '/admin/logs?limit=1000',
  '/admin/logs?hours=720',
  '/admin/logs?hours=720&limit=1000',
  '/admin/logs?hours=720&offset=2500000',
  '/admin/logs?hours=720&offset=4999000&limit=1000',
  '/admin/logs?hours=720&offset=1000000000',
  '/admin/logs?hours=720&channel_id=1',
  '/admin/logs?hours=720&channel_id=12&offset=100000',
  '/admin/logs?hours=720&channel_name=channel%2012',
  '/admin/logs?hours=720&channel_name=nobody',
  '/admin/logs?hours=720&channel_name_like=nel%201',
  '/admin/logs?hours=720&model=model-7',
  '/admin/logs?hours=720&model_like=DEL-7',
  '/admin/logs?hours=720&model_like=%25',
  '/admin/logs?hours=720&model_like=e&offset=2500000',
  '/admin/logs?hours=720&status=2xx',
  '/admin/logs?hours=720&status=5xx',
  '/admin/logs?hours=720&status=5xx&offset=200000&limit=1000',
  '/admin/logs?hours=720&status=418',
  '/admin/logs?hours=720&status=418&model=model-3&channel_id=12',
  '/admin/logs?hours=720&status=404',
  '/admin/logs?hours=720&status=2xx&model_like=model&channel_name_like=channel&offset=2000000',
  '/admin/logs?hours=100&model=model-3&channel_name=channel%205&status=429',
  '/admin/logs?hours=720&request_id=01990000004b-7000-8000-0000004b4b41',
].filter((route) => route.includes(only));

const gateway = spawn(process.execPath, [main], {
  env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', CCLOAD_PASS: password, SQLITE_PATH: resolve(file), LOG_RETENTION_DAYS: '3650' },
  stdio: ['ignore', 'pipe', 'inherit'],
});

const portOf = () =>
  new Promise((found, failed) => {
    let text = '';
    gateway.stdout.on('data', (bytes) => {
      text += bytes;
      const port = /listening on http:\/\/[^\s"]*:(\d+)/.exec(text)?.[1];
      if (port !== undefined) found(Number(port));
    });
    gateway.once('exit', () => failed(new Error(`the gateway ended:\n${text}`)));
  });

try {
  const url = `http://127.0.0.1:${await portOf()}`;
  const login = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  const headers = { cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '' };
  console.log('| route | median | slowest | rows or points | of | KB |\n|---|--:|--:|--:|--:|--:|');
  for (const route of routes) {
    const times = [];
    let text = '';
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      const answer = await fetch(url + route, { headers });
      text = await answer.text();
      times.push(performance.now() - started);
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${text.slice(0, 200)}`);
    }
    times.sort((a, b) => a - b);
    const body = text.startsWith('{') ? JSON.parse(text) : {};
    const size = Array.isArray(body.data) ? body.data.length : '';
    const ms = (time) => `${time.toFixed(1)} ms`;
    console.log(`| \`${route}\` | ${ms(times[times.length >> 1])} | ${ms(times.at(-1))} | ${size} | ${body.count ?? ''} | ${Math.ceil(text.length / 1024)} |`);
  }
} finally {
  gateway.kill('SIGTERM');
}
